package io.undercurrent.testing;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and PostgreSQL and now and then cuts the connection instead of passing
 * the server's answer to a COMMIT on.
 */
public final class CommitSwallowingProxy implements AutoCloseable {

  private static final String ACKNOWLEDGEMENT = "C\0\0\0\u000bCOMMIT\0";

  private final ServerProxy proxy;
  private final int every;
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger swallowed = new AtomicInteger();

  /** A proxy that swallows every n-th acknowledgement. */
  public CommitSwallowingProxy(String jdbcUrl, int every) throws IOException {
    this.every = every;
    this.proxy = new ServerProxy(jdbcUrl, this::pass);
  }

  private void pass(Socket client, Socket server) {
    ServerProxy.start(() -> pump(client, server, false));
    ServerProxy.start(() -> pump(server, client, true));
  }

  public String url() {
    return proxy.url();
  }

  public int swallowed() {
    return swallowed.get();
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

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
