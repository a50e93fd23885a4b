package io.undercurrent.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a client and PostgreSQL and keeps the statements that the client has sent, as the
 * <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">protocol</a> has
 * them: those that are prepared and bound, and simple queries.
 */
public final class StatementCounter implements AutoCloseable {

  /** Asked before the connection begins; the server's answer is one byte. */
  private static final Set<Integer> REQUESTS = Set.of(80877103, 80877104);

  private final ServerProxy proxy;
  private final List<String> statements = new CopyOnWriteArrayList<>();

  public StatementCounter(String jdbcUrl) throws IOException {
    this.proxy = new ServerProxy(jdbcUrl, this::pass);
  }

  public String url() {
    return proxy.url() + "?sslmode=disable&gssEncMode=disable&prepareThreshold=0";
  }

  /** What was sent since the last call, without the brackets around a transaction. */
  public List<String> statements() {
    var sent = List.copyOf(statements);
    statements.clear();
    return sent.stream().filter(sql -> !sql.startsWith("BEGIN") && !sql.equals("COMMIT")).toList();
  }

  private void pass(Socket client, Socket server) {
    ServerProxy.start(() -> requests(client, server));
    ServerProxy.start(() -> answers(client, server));
  }

  private void requests(Socket client, Socket server) {
    try (client;
        server) {
      var in = new DataInputStream(client.getInputStream());
      var out = new DataOutputStream(server.getOutputStream());
      var parsed = "";
      startup(in, out);
      while (true) {
        var type = in.readByte();
        var body = in.readNBytes(in.readInt() - 4);
        if (type == 'P') {
          parsed = text(body, 1);
        } else if (type == 'E') {
          statements.add(parsed);
        } else if (type == 'Q') {
          statements.add(text(body, 0));
        }
        out.writeByte(type);
        out.writeInt(body.length + 4);
        out.write(body);
        out.flush();
      }
    } catch (IOException e) {
      // the other side is gone
    }
  }

  private static void startup(DataInputStream in, DataOutputStream out) throws IOException {
    var length = in.readInt();
    var code = in.readInt();
    if (REQUESTS.contains(code)) {
      throw new IllegalStateException("expected no request for encryption");
    }
    out.writeInt(length);
    out.writeInt(code);
    out.write(in.readNBytes(length - 8));
    out.flush();
  }

  /** The zero-terminated text at a place in a message. */
  private static String text(byte[] body, int place) {
    return new String(body, StandardCharsets.UTF_8).split("\0", -1)[place];
  }

  private static void answers(Socket client, Socket server) {
    try (client;
        server) {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException e) {
      // the other side is gone
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
