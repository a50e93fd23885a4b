package io.undercurrent.admin;

import io.undercurrent.admin.metrics.RequestMeter;
import io.undercurrent.admin.page.PagePaths;
import io.undercurrent.database.RefusedException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Serves HTTP as long as the application runs, in an application context of its own: a process that
 * serves no HTTP does not pay for it.
 *
 * <p>While another process has the port, HTTP stands by as runners do; it begins when the port is
 * free.
 */
final class HttpServer implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final AdminProperties properties;
  private final ConfigurableEnvironment environment;
  private final RequestMeter meter;
  private final Supplier<AdminServices> engine;
  private @Nullable AnnotationConfigServletWebServerApplicationContext context;
  private boolean running;

  HttpServer(
      AdminProperties properties,
      ConfigurableEnvironment environment,
      RequestMeter meter,
      Supplier<AdminServices> engine) {
    this.properties = properties;
    this.environment = environment;
    this.meter = meter;
    this.engine = engine;
  }

  /**
   * Begins to serve, or to wait for the port.
   *
   * @throws RefusedException if the configuration is not usable
   */
  @Override
  public synchronized void start() {
    running = true;
    if (properties.isOpenlyReadable()) {
      log.warn(
          "HTTP at {} is without TLS: tokens can be read on the network. Set undercurrent.admin.ssl-bundle",
          location());
    }
    if (engine.get().tokens().list().isEmpty() && !properties.homeserverTokens()) {
      log.warn(
          "There is no token yet, so every request is refused. Make one with: token create LABEL");
    }
    if (portIsTaken() || !open()) {
      log.warn("Port {} is taken by another process; HTTP stands by", properties.port());
      var thread = new Thread(this::standBy, "http-standby");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private synchronized void standBy() {
    try {
      do {
        wait(LOOK.toMillis());
      } while (running && (portIsTaken() || !open()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("HTTP cannot be served", e);
    }
  }

  /** Saves making a whole context for nothing. */
  private boolean portIsTaken() {
    return isTaken(properties.address(), properties.port());
  }

  /** Whether another process listens there. */
  static boolean isTaken(InetAddress address, int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return false;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("in use");
    }
  }

  /** Serves, unless another process was faster to take the port. */
  private boolean open() {
    var opening = new AnnotationConfigServletWebServerApplicationContext();
    opening.setEnvironment(environment);
    opening.getBeanFactory().registerSingleton("adminProperties", properties);
    opening.getBeanFactory().registerSingleton("engine", engine.get());
    opening.getBeanFactory().registerSingleton("meter", meter);
    opening.register(HttpConfiguration.class);
    try {
      opening.refresh();
    } catch (RuntimeException e) {
      opening.close();
      if (cause(e, PortInUseException.class) != null) {
        return false;
      }
      throw explain(e);
    }
    context = opening;
    log.info("HTTP is served at {}", location());
    log.info("A page for browsers is served at {}{}", location(), PagePaths.BASE);
    return true;
  }

  private RuntimeException explain(RuntimeException failure) {
    var bind = cause(failure, BindException.class);
    if (bind != null) {
      return new RefusedException(
          "%s: expected an address of this machine and a port that this user may open, got %s (%s)"
              .formatted(AdminProperties.PREFIX, location(), bind.getMessage()),
          failure);
    }
    var bundle = properties.sslBundle();
    if (bundle != null && !bundles().contains(bundle)) {
      return new RefusedException(
          "%s.ssl-bundle: expected one of the bundles under spring.ssl.bundle.pem and spring.ssl.bundle.jks (%s), got '%s'"
              .formatted(
                  AdminProperties.PREFIX,
                  bundles().isEmpty() ? "none is configured" : String.join(", ", bundles()),
                  bundle),
          failure);
    }
    if (bundle != null) {
      return new RefusedException(
          "%s.ssl-bundle: expected a usable bundle of spring.ssl.bundle, got '%s' (%s)"
              .formatted(
                  AdminProperties.PREFIX,
                  bundle,
                  NestedExceptionUtils.getMostSpecificCause(failure).getMessage()),
          failure);
    }
    return failure;
  }

  private SortedSet<String> bundles() {
    var names = new TreeSet<String>();
    for (var kind : List.of("pem", "jks")) {
      Binder.get(environment)
          .bind("spring.ssl.bundle." + kind, Bindable.mapOf(String.class, Object.class))
          .ifBound(bundles -> names.addAll(bundles.keySet()));
    }
    return names;
  }

  private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  /** The port that it listens on, or -1 while HTTP is not served. */
  synchronized int port() {
    var server = context == null ? null : context.getWebServer();
    return server == null ? -1 : server.getPort();
  }

  private String location() {
    var port = port();
    return "%s://%s:%d"
        .formatted(
            properties.sslBundle() == null ? "http" : "https",
            properties.address().getHostAddress(),
            port < 0 ? properties.port() : port);
  }

  /** Accepts no more requests; those under way are answered. */
  @Override
  public synchronized void stop() {
    running = false;
    notifyAll();
    if (context != null) {
      context.close();
      context = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return running;
  }
}
