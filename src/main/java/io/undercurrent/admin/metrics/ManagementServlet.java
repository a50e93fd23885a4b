package io.undercurrent.admin.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

/** Answers as Actuator does, with its paths, statuses and words. */
public final class ManagementServlet extends HttpServlet {

  private static final String HEALTH = "application/vnd.spring-boot.actuator.v3+json";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String UP = "UP";

  private final transient Availability availability;
  private final transient PrometheusMeterRegistry registry;

  public ManagementServlet(Availability availability, PrometheusMeterRegistry registry) {
    this.availability = availability;
    this.registry = registry;
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    switch (request.getRequestURI()) {
      case "/actuator/health/liveness" ->
          health(response, availability.liveness() == LivenessState.CORRECT ? UP : "DOWN");
      case "/actuator/health/readiness" ->
          health(
              response,
              availability.readiness() == ReadinessState.ACCEPTING_TRAFFIC ? UP : "OUT_OF_SERVICE");
      case "/actuator/prometheus" -> write(response, METRICS, registry.scrape());
      default -> response.setStatus(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private static void health(HttpServletResponse response, String status) throws IOException {
    if (!status.equals(UP)) {
      response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    }
    write(response, HEALTH, "{\"status\":\"" + status + "\"}");
  }

  private static void write(HttpServletResponse response, String contentType, String text)
      throws IOException {
    var body = text.getBytes(StandardCharsets.UTF_8);
    response.setContentType(contentType);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
