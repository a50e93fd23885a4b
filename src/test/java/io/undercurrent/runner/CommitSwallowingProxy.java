package io.undercurrent.runner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and PostgreSQL and now and then cuts the connection instead of passing
 * the server's answer to a COMMIT on.
 */
final class CommitSwallowingProxy implements AutoCloseable {

  private static final String ACKNOWLEDGEMENT = "C\0\0\0\u000bCOMMIT\0";

  private final ServerSocket listener;
  private final URI server;
  private final int every;
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger swallowed = new AtomicInteger();

  /** A proxy that swallows every n-th acknowledgement. */
  CommitSwallowingProxy(String jdbcUrl, int every) throws IOException {
    this.server = URI.create(jdbcUrl.substring("jdbc:".length()));
    this.every = every;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String url() {
    return "jdbc:"
        + server
            .toString()
            .replace(
                server.getHost() + ":" + server.getPort(), "localhost:" + listener.getLocalPort());
  }

  int swallowed() {
    return swallowed.get();
  }

  private void accept() {
    try {
      while (true) {
        var client = listener.accept();
        var upstream = new Socket(server.getHost(), server.getPort());
        start(() -> pump(client, upstream, false));
        start(() -> pump(upstream, client, true));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pump(Socket from, Socket to, boolean answers) {
    try (from;
        to) {
      var buffer = new byte[65_536];
      for (int read = from.getInputStream().read(buffer);
          read >= 0;
          read = from.getInputStream().read(buffer)) {
        if (answers && isToBeSwallowed(buffer, read)) {
          return;
        }
        to.getOutputStream().write(buffer, 0, read);
      }
    } catch (IOException e) {
      // the other side is gone
    }
  }

  private boolean isToBeSwallowed(byte[] buffer, int length) {
    var text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    if (text.contains(ACKNOWLEDGEMENT) && commits.incrementAndGet() % every == 0) {
      swallowed.incrementAndGet();
      return true;
    }
    return false;
  }

  private static void start(Runnable work) {
    var thread = new Thread(work, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
