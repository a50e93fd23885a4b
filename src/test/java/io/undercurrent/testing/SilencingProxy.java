package io.undercurrent.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between engine and server, and can lose connections as a firewall does: without a word.
 */
public final class SilencingProxy implements AutoCloseable {

  private final ServerProxy proxy;
  private final List<Line> lines = new CopyOnWriteArrayList<>();

  public SilencingProxy(String jdbcUrl) throws IOException {
    this.proxy = new ServerProxy(jdbcUrl, this::pass);
  }

  private void pass(Socket client, Socket server) {
    var line = new Line(client, server);
    lines.add(line);
    ServerProxy.start(() -> line.pump(client, server));
    ServerProxy.start(() -> line.pump(server, client));
  }

  public String url() {
    return proxy.url();
  }

  /** From now on lets nothing through on the connections whose client has sent a text. */
  public void silence(String text) {
    lines.stream().filter(line -> line.sent.indexOf(text) >= 0).forEach(line -> line.silent = true);
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }

  private static final class Line {

    private final Socket client;
    private final Socket upstream;
    private final StringBuffer sent = new StringBuffer();
    private volatile boolean silent;

    Line(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void pump(Socket from, Socket to) {
      var buffer = new byte[65_536];
      try {
        for (int read = from.getInputStream().read(buffer);
            read >= 0;
            read = from.getInputStream().read(buffer)) {
          if (from == client) {
            sent.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
          }
          if (!silent) {
            to.getOutputStream().write(buffer, 0, read);
          }
        }
      } catch (IOException e) {
        // the other side is gone
      }
      if (!silent) {
        close(client);
        close(upstream);
      }
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        // gone
      }
    }
  }
}
