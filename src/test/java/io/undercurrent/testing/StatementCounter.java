package io.undercurrent.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
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

  /** The driver sends it along with what follows, and waits for no answer. */
  private static final String FOLLOWED = "BEGIN";

  private final ServerProxy proxy;
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final List<RoundTrip> roundTrips = new CopyOnWriteArrayList<>();

  public StatementCounter(String jdbcUrl) throws IOException {
    this.proxy = new ServerProxy(jdbcUrl, this::pass);
  }

  public String url() {
    return preparingUrl() + "&prepareThreshold=0";
  }

  /** With statements that are prepared once they have been sent often. */
  public String preparingUrl() {
    return proxy.url() + "?sslmode=disable&gssEncMode=disable";
  }

  /** What was sent since the last call, without the brackets around a transaction. */
  public List<String> statements() {
    var sent = List.copyOf(statements);
    statements.clear();
    return sent.stream().filter(sql -> !sql.startsWith("BEGIN") && !sql.equals("COMMIT")).toList();
  }

  /** The round trips since the last call, in the order in which they were sent. */
  public List<RoundTrip> roundTrips() {
    var made = List.copyOf(roundTrips);
    roundTrips.clear();
    return made;
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
      var parsed = new HashMap<String, String>();
      var bound = "";
      var trip = new ArrayList<String>();
      startup(in, out);
      while (true) {
        var type = in.readByte();
        var body = in.readNBytes(in.readInt() - 4);
        if (type == 'P') {
          parsed.put(text(body, 0), text(body, 1));
        } else if (type == 'B') {
          bound = String.valueOf(parsed.get(text(body, 1)));
        } else if (type == 'E') {
          statements.add(bound);
          trip.add(bound);
        } else if (type == 'Q') {
          statements.add(text(body, 0));
          trip.add(text(body, 0));
        }
        if (type == 'S' || type == 'Q' && !text(body, 0).equals(FOLLOWED)) {
          roundTrips.add(new RoundTrip(client.getPort(), List.copyOf(trip)));
          trip.clear();
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

  /**
   * What a client sends before it waits for the answer.
   *
   * @param connection a number of its connection
   */
  public record RoundTrip(int connection, List<String> statements) {

    /** Whether one of the statements has that in it. */
    public boolean has(String text) {
      return statements.stream().anyMatch(sql -> sql.contains(text));
    }
  }
}
