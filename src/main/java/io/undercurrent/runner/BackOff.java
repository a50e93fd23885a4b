package io.undercurrent.runner;

import static io.undercurrent.iteration.FailureKind.HOPELESS;
import static io.undercurrent.iteration.FailureKind.PASSING;

import io.undercurrent.iteration.FailureKind;
import java.time.Duration;
import java.util.Optional;

/**
 * When a failed update is tried again: after 1 s, doubling to 30 s. After 5 failures in a row it is
 * not, unless what was in its way passes by itself.
 */
final class BackOff {

  private static final int MOST_FAILURES = 5;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private BackOff() {}

  /**
   * How long to wait.
   *
   * @param failures how many there were in a row, the last one included
   * @return nothing to give up
   */
  static Optional<Duration> after(int failures, FailureKind last) {
    if (last == HOPELESS || failures >= MOST_FAILURES && last != PASSING) {
      return Optional.empty();
    }
    var doubled = Duration.ofSeconds(1L << Math.min(failures - 1, MOST_FAILURES));
    return Optional.of(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled);
  }
}
