package io.undercurrent.shell.language;

import io.undercurrent.shell.screen.Screen;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports failures to the operator, and those that were not foreseen to the log, too. */
public final class Failures {

  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private final Screen screen;
  private final String logFile;

  /**
   * Makes a reporter.
   *
   * @param logFile where the details of a defect are, as the operator can find it
   */
  public Failures(Screen screen, String logFile) {
    this.screen = screen;
    this.logFile = logFile;
  }

  /**
   * Reports one.
   *
   * @param what failed, for a sentence: {@code start}
   * @return the exit code that it leaves
   */
  public int tell(String what, Throwable failure) {
    var told = CommandFailure.of(failure);
    if (told.unexpected()) {
      log.error("{} failed", what, failure);
      screen.say("%s. Details are in %s".formatted(told.after(what + " failed"), logFile));
    } else {
      screen.say(told.message());
    }
    return told.exitCode();
  }
}
