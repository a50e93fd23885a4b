package io.undercurrent.runner;

import java.time.Duration;
import java.util.Optional;

/** When a failed update is tried again: after 1 s, doubling to 30 s, and not after 5 in a row. */
final class BackOff {

  private static final int MOST_FAILURES = 5;
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private BackOff() {}

  /**
   * How long to wait.
   *
   * @param failures how many there were in a row
   * @return nothing to give up
   */
  static Optional<Duration> after(int failures) {
    if (failures >= MOST_FAILURES) {
      return Optional.empty();
    }
    var backOff = Duration.ofSeconds(1L << (failures - 1));
    return Optional.of(backOff.compareTo(LONGEST) > 0 ? LONGEST : backOff);
  }
}
