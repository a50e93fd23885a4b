package io.undercurrent;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/** Writes why Undercurrent did not start where the operator looks, without a stack trace. */
final class StartReport implements SpringBootExceptionReporter {

  private static final Logger log = LoggerFactory.getLogger(StartReport.class);

  private final boolean logging;

  /**
   * Made by Spring Boot.
   *
   * @param context null if not even logging had begun
   */
  StartReport(@Nullable ConfigurableApplicationContext context) {
    this.logging = context != null;
  }

  @Override
  public boolean reportException(Throwable failure) {
    System.err.println(text(failure));
    return true;
  }

  /** The operator's message, or where to look for a defect. */
  String text(Throwable failure) {
    return StartFailure.message(failure).orElseGet(() -> defect(failure));
  }

  private String defect(Throwable failure) {
    if (logging) {
      log.error("Undercurrent did not start", failure);
    }
    var cause = NestedExceptionUtils.getMostSpecificCause(failure).toString();
    return "Undercurrent did not start: " + cause.replaceAll("\\s+", " ").strip();
  }
}
