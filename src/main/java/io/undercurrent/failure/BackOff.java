package io.undercurrent.failure;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before a next try. */
public final class BackOff {

  /** How many failures in a row an update is given up after. */
  public static final int MOST_FAILURES = 5;

  private static final Duration FIRST = Duration.ofSeconds(1);

  /** What was in the way for an hour is noticed to be gone soon. */
  private static final Duration LONGEST = Duration.ofSeconds(8);

  private static final int SHORTEST_MS = 50;
  private static final int DOUBLINGS = 5;

  private BackOff() {}

  /**
   * After a failed execution.
   *
   * @param failures how many failures that count there were in a row, the last one included
   * @return nothing to give up
   */
  public static Optional<Duration> after(int failures, FailureKind last) {
    return switch (last) {
      case HOPELESS -> Optional.empty();
      case PASSING -> Optional.of(doubled(2));
      case UNCLEAR -> failures >= MOST_FAILURES ? Optional.empty() : Optional.of(doubled(failures));
    };
  }

  /** 1 s, doubling to 8 s. */
  static Duration doubled(int tries) {
    var doubled = FIRST.multipliedBy(1L << Math.min(Math.max(tries, 1) - 1, DOUBLINGS));
    return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
  }

  /** The same, but up to a half less, so that two that wait for each other's locks do not meet. */
  static Duration spread(int tries) {
    var most = doubled(tries).toMillis();
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }

  /** A moment of random length, so that two that are in each other's way do not meet again. */
  public static Duration moment(int tries) {
    var most = SHORTEST_MS << Math.min(tries, DOUBLINGS);
    return Duration.ofMillis(ThreadLocalRandom.current().nextInt(SHORTEST_MS, most + 1));
  }
}
