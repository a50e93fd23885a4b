package io.undercurrent.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.ServerProxy;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Stands between Undercurrent and the server, and counts for what the client waits: messages that
 * have the server answer all that was sent so far, which are <a
 * href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Sync and Query</a>.
 */
final class RoundTrips implements AutoCloseable {

  /** The driver sends it along with what follows, and waits for no answer. */
  private static final String FOLLOWED = "BEGIN\0";

  private final ServerProxy proxy;
  private final List<AtomicLong> sessions = new CopyOnWriteArrayList<>();
  private List<Long> before = List.of();

  RoundTrips(DatabaseSettings settings) throws IOException {
    this.proxy = new ServerProxy(settings.url(), this::pass);
  }

  /** The way through here. */
  DatabaseSettings settings(DatabaseSettings settings) {
    return new DatabaseSettings(
        settings.name(),
        proxy.url() + "?sslmode=disable&gssEncMode=disable",
        settings.username(),
        settings.password());
  }

  /** Begins to count. */
  void begin() {
    before = sessions.stream().map(AtomicLong::get).toList();
  }

  /** How many there were since, in the session that had most. */
  long most() {
    return IntStream.range(0, before.size())
        .mapToLong(i -> sessions.get(i).get() - before.get(i))
        .max()
        .orElse(0);
  }

  /** How many there were since, in all sessions that were there. */
  long all() {
    return IntStream.range(0, before.size())
        .mapToLong(i -> sessions.get(i).get() - before.get(i))
        .sum();
  }

  private void pass(Socket client, Socket server) {
    var count = new AtomicLong();
    sessions.add(count);
    ServerProxy.start(() -> requests(client, server, count));
    ServerProxy.start(() -> answers(client, server));
  }

  private static void requests(Socket client, Socket server, AtomicLong count) {
    try (client;
        server) {
      var in = new DataInputStream(client.getInputStream());
      var out = new DataOutputStream(server.getOutputStream());
      var length = in.readInt();
      out.writeInt(length);
      out.write(in.readNBytes(length - 4));
      out.flush();
      while (true) {
        var type = in.readByte();
        var body = in.readNBytes(in.readInt() - 4);
        if (type == 'S' || type == 'Q' && !new String(body, US_ASCII).equals(FOLLOWED)) {
          count.incrementAndGet();
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
