package io.undercurrent.shell.screen;

import java.time.Duration;
import java.util.Locale;

/** Durations as people write them: {@code 97 ms}, {@code 9.4 s}, {@code 1 m 32 s}. */
public final class Durations {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private Durations() {}

  /** Two figures at most, the smaller one cut off rather than rounded up. */
  public static String human(Duration duration) {
    if (duration.compareTo(SECOND) < 0) {
      return duration.toMillis() + " ms";
    }
    if (duration.compareTo(TEN_SECONDS) < 0) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 100 / 10.0);
    }
    if (duration.compareTo(MINUTE) < 0) {
      return duration.toSeconds() + " s";
    }
    if (duration.compareTo(HOUR) < 0) {
      return two(duration.toMinutes(), "m", duration.toSecondsPart(), "s");
    }
    if (duration.compareTo(DAY) < 0) {
      return two(duration.toHours(), "h", duration.toMinutesPart(), "m");
    }
    return two(duration.toDays(), "d", duration.toHoursPart(), "h");
  }

  private static String two(long large, String largeUnit, int small, String smallUnit) {
    return small == 0
        ? large + " " + largeUnit
        : large + " " + largeUnit + " " + small + " " + smallUnit;
  }
}
