package io.undercurrent.admin;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.undercurrent.admin.metrics.Availability;
import io.undercurrent.admin.metrics.ManagementServlet;
import io.undercurrent.database.RefusedException;
import java.net.InetAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.core.NestedExceptionUtils;

/**
 * Serves liveness, readiness and metrics to this machine, without authentication, until everything
 * else has ended.
 *
 * <p>It is not part of the HTTP API's web application, which may have to wait for its port and
 * stops first, nor a child of it as Actuator's would be.
 */
final class ManagementServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

  private final int port;
  private final ManagementServlet servlet;
  private @Nullable WebServer server;
  private @Nullable ScheduledExecutorService again;

  ManagementServer(int port, Availability availability, PrometheusMeterRegistry registry) {
    this.port = port;
    this.servlet = new ManagementServlet(availability, registry);
  }

  /**
   * Begins to serve, or to wait for the port.
   *
   * @throws RefusedException if this user may not open it
   */
  synchronized void start() {
    if (!opened()) {
      log.warn("Port {} is taken by another process; health and metrics stand by", port);
      again =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                var thread = new Thread(task, "management-standby");
                thread.setDaemon(true);
                return thread;
              });
      again.scheduleWithFixedDelay(this::openAgain, 1, 1, TimeUnit.SECONDS);
    }
  }

  private synchronized void openAgain() {
    try {
      if (again != null && opened()) {
        again.shutdown();
        again = null;
      }
    } catch (RuntimeException e) {
      log.error("Health and metrics cannot be served", e);
    }
  }

  private boolean opened() {
    var loopback = InetAddress.getLoopbackAddress();
    if (HttpServer.isTaken(loopback, port)) {
      return false;
    }
    var factory = new TomcatServletWebServerFactory(port);
    factory.setAddress(loopback);
    factory.setRegisterDefaultServlet(false);
    TomcatSettings.harden(factory);
    var opening =
        factory.getWebServer(context -> context.addServlet("management", servlet).addMapping("/*"));
    try {
      opening.start();
    } catch (PortInUseException e) {
      opening.destroy();
      return false;
    } catch (WebServerException e) {
      opening.destroy();
      throw new RefusedException(
          "%s.management-port: expected a port that this user may open, got %d (%s)"
              .formatted(
                  AdminProperties.PREFIX,
                  port,
                  NestedExceptionUtils.getMostSpecificCause(e).getMessage()),
          e);
    }
    server = opening;
    log.info(
        "Health and metrics are served at http://{}:{}",
        loopback.getHostAddress(),
        opening.getPort());
    return true;
  }

  /** The port that it listens on, or -1 while nothing is served. */
  synchronized int port() {
    return server == null ? -1 : server.getPort();
  }

  @Override
  public synchronized void close() {
    if (again != null) {
      again.shutdownNow();
      again = null;
    }
    if (server != null) {
      server.stop();
      server.destroy();
      server = null;
    }
  }
}
