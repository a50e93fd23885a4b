package io.undercurrent.shell;

import io.undercurrent.shell.language.CommandFailure;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Screens;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;

/** Says to the operator why Undercurrent did not start: one line rather than a stack trace. */
final class StartFailure implements SpringBootExceptionReporter {

  private static final Logger log = LoggerFactory.getLogger(StartFailure.class);

  private final boolean logging;

  /**
   * Made by Spring Boot.
   *
   * @param context null if not even logging had begun
   */
  StartFailure(@Nullable ConfigurableApplicationContext context) {
    this.logging = context != null;
  }

  @Override
  public boolean reportException(Throwable failure) {
    report(failure, Screens.ofProcess());
    return true;
  }

  void report(Throwable failure, Screen screen) {
    var why = CommandFailure.of(failure);
    screen.say(why.after("Undercurrent did not start"));
    if (logging && why.unexpected()) {
      log.error("Undercurrent did not start", failure);
    }
  }
}
