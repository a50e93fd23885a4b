package io.undercurrent.faults.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.undercurrent.testing.Engine;
import io.undercurrent.testing.ServerProxy;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The network between Undercurrent's process and its server, which a case may spoil. */
public final class Wire implements AutoCloseable {

  private static final String ACKNOWLEDGEMENT = "C\0\0\0\u000bCOMMIT\0";

  private final ServerProxy proxy;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private final AtomicInteger toBeLost = new AtomicInteger();
  private final AtomicBoolean toBeHeld = new AtomicBoolean();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean silent;
  private volatile long delay;

  public Wire(String jdbcUrl) throws IOException {
    this.proxy = new ServerProxy(jdbcUrl, this::connect);
  }

  private void connect(Socket client, Socket server) {
    var line = new Line(client, server, silent);
    lines.add(line);
    connections.incrementAndGet();
    ServerProxy.start(() -> line.pump(client, server));
    ServerProxy.start(() -> line.pump(server, client));
  }

  public String url() {
    return proxy.url();
  }

  /** How many connections were ever made. */
  public int connections() {
    return connections.get();
  }

  /** Cuts all connections; new ones are let through. */
  public void cut() {
    lines.forEach(Line::close);
    lines.clear();
  }

  /** A black hole: connections stay open, and nothing comes through any of them ever again. */
  public void silence() {
    silent = true;
    lines.forEach(line -> line.silent = true);
  }

  /** New connections are let through. */
  public void open() {
    silent = false;
  }

  /** Has every answer of the server take so much longer. */
  public void delay(Duration latency) {
    delay = latency.toMillis();
  }

  /** Cuts a connection in place of passing the next answer to a COMMIT on, so many times. */
  public void loseAcknowledgements(int count) {
    toBeLost.set(count);
  }

  /** Waits until all of these are lost. */
  public void awaitLost() {
    Engine.await().until(() -> toBeLost.get() == 0);
  }

  /** Waits until a chunk's COMMIT has been answered, and keeps the answer back. */
  public void holdAcknowledgement() {
    toBeHeld.set(true);
    Engine.await().until(() -> !toBeHeld.get());
  }

  @Override
  public void close() throws IOException {
    proxy.close();
    cut();
  }

  private final class Line {

    private final Socket client;
    private final Socket server;
    private volatile boolean silent;
    private volatile boolean writes;
    private volatile boolean held;

    Line(Socket client, Socket server, boolean silent) {
      this.client = client;
      this.server = server;
      this.silent = silent;
    }

    void pump(Socket from, Socket to) {
      var buffer = new byte[65_536];
      try {
        for (int read = from.getInputStream().read(buffer);
            read >= 0;
            read = from.getInputStream().read(buffer)) {
          var text = new String(buffer, 0, read, ISO_8859_1);
          writes |= text.contains("SET n = n + 1");
          if (from == server && text.contains(ACKNOWLEDGEMENT)) {
            if (isLost()) {
              break;
            }
            held |= writes && toBeHeld.getAndSet(false);
          }
          if (from == server && delay > 0) {
            Thread.sleep(delay);
          }
          if (!silent && !held) {
            to.getOutputStream().write(buffer, 0, read);
          }
        }
      } catch (IOException | InterruptedException e) {
        // the other side is gone
      }
      if (!silent) {
        close();
      }
    }

    private boolean isLost() {
      return toBeLost.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    void close() {
      try (client;
          server) {
        lines.remove(this);
      } catch (IOException e) {
        // it is closed
      }
    }
  }
}
