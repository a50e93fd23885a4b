package io.undercurrent.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 that closes a connection on which no request has come to its end for a while.
 *
 * <p>No setting does so. In Tomcat 11.0.27 each timeout ({@code connectionTimeout}, {@code
 * keepAliveTimeout}, {@code connectionUploadTimeout}) begins again with every byte, so that a
 * client that sends one now and then keeps a connection, and often a thread, as long as it likes;
 * {@code RateLimitFilter}, {@code SemaphoreValve} and {@code StuckThreadDetectionValve} see no
 * request before its headers are complete. In Jetty 12.1.13 the idle timeout does the same, and
 * {@code minRequestDataRate} is not for headers. The connections are known to the protocol's
 * endpoint alone, and the end of a request to the protocol's processor: hence the two subclasses.
 *
 * <p>Public because Tomcat makes it by its name.
 */
public final class TimeLimitedHttp extends Http11NioProtocol {

  /** The longest silence, the longest body and another silence. */
  static final Duration LONGEST = Duration.ofSeconds(20);

  private final Map<SocketWrapperBase<?>, Long> since =
      Collections.synchronizedMap(new WeakHashMap<>());
  private @Nullable ScheduledFuture<?> watch;

  @Override
  protected Processor createProcessor() {
    return new Exchange(this);
  }

  @Override
  public void start() throws Exception {
    super.start();
    watch = getUtilityExecutor().scheduleWithFixedDelay(this::closeOverdue, 1, 1, TimeUnit.SECONDS);
  }

  private void closeOverdue() {
    var now = System.nanoTime();
    for (var connection : getEndpoint().getConnections()) {
      var began = since.putIfAbsent(connection, now);
      if (began != null && now - began > LONGEST.toNanos()) {
        connection.close();
      }
    }
  }

  @Override
  public void stop() throws Exception {
    if (watch != null) {
      watch.cancel(false);
    }
    super.stop();
  }

  /** Serves the requests on a connection, and notes when one ends. */
  private static final class Exchange extends Http11Processor {

    private final TimeLimitedHttp protocol;

    Exchange(TimeLimitedHttp protocol) {
      super(protocol, protocol.getAdapter());
      this.protocol = protocol;
    }

    @Override
    public SocketState service(SocketWrapperBase<?> connection) throws IOException {
      var before = served();
      try {
        return super.service(connection);
      } finally {
        if (served() > before) {
          protocol.since.put(connection, System.nanoTime());
        }
      }
    }

    private int served() {
      return getRequest().getRequestProcessor().getRequestCount();
    }
  }
}
