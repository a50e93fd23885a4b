package io.undercurrent.admin.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Counts the requests of the HTTP API, also those that come no further than Tomcat. */
public final class RequestMeter extends ValveBase {

  /** For what clients make up: any path, any method. */
  private static final String OTHER = "other";

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "OPTIONS");

  private final MeterRegistry registry;
  private final Predicate<String> isPath;

  /**
   * Has counted nothing yet.
   *
   * @param isPath whether a path is one of the API's
   */
  public RequestMeter(MeterRegistry registry, Predicate<String> isPath) {
    super(true);
    this.registry = registry;
    this.isPath = isPath;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    var begin = System.nanoTime();
    try {
      getNext().invoke(request, response);
    } finally {
      count(request, response.getStatus(), System.nanoTime() - begin);
    }
  }

  private void count(Request request, int status, long nanos) {
    var uri = request.getRequestURI();
    var method = request.getMethod();
    var path = Tags.of("path", uri != null && isPath.test(uri) ? uri : OTHER);
    Timer.builder("undercurrent.http.requests")
        .description("Requests of the HTTP API, and how long their answers took")
        .tags(path)
        .tag("method", method != null && METHODS.contains(method) ? method : OTHER)
        .tag("status", String.valueOf(status))
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
    if (status >= Response.SC_BAD_REQUEST) {
      Counter.builder("undercurrent.http.refusals")
          .description("Requests of the HTTP API that were refused, or failed")
          .tags(path)
          .tag("reason", reason(status))
          .register(registry)
          .increment();
    }
  }

  private static String reason(int status) {
    return switch (status) {
      case Response.SC_UNAUTHORIZED -> "token";
      case Response.SC_FORBIDDEN -> "not-allowed";
      case Response.SC_NOT_FOUND, Response.SC_METHOD_NOT_ALLOWED -> "not-in-the-api";
      case Response.SC_REQUEST_TIMEOUT, Response.SC_REQUEST_ENTITY_TOO_LARGE -> "limit";
      case Response.SC_SERVICE_UNAVAILABLE -> "database";
      default -> status < Response.SC_INTERNAL_SERVER_ERROR ? "request" : "failure";
    };
  }
}
