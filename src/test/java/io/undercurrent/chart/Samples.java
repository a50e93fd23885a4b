package io.undercurrent.chart;

import io.undercurrent.history.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples for tests, each of a minute. */
final class Samples {

  static final Instant BEGIN = Instant.parse("2026-11-27T08:00:00Z");
  static final Duration MINUTE = Duration.ofMinutes(1);

  private Samples() {}

  /** What was done in a minute, of which 30 iterations of 100 ms a piece were a part. */
  static Sample minute(int number, long items, @Nullable Long changed, Object... times) {
    return span(BEGIN.plus(MINUTE.multipliedBy(number + 1L)), MINUTE, items, changed, times);
  }

  static Sample span(
      Instant end, Duration span, long items, @Nullable Long changed, Object... times) {
    return new Sample(
        end,
        span,
        items,
        changed,
        items == 0 ? 0 : 30,
        Duration.ofSeconds(items == 0 ? 0 : 3),
        Duration.ofMillis(100),
        1000L,
        times(times));
  }

  /** Pairs of an activity and seconds. */
  private static Map<String, Duration> times(Object... pairs) {
    var times = new LinkedHashMap<String, Duration>();
    for (var i = 0; i < pairs.length; i += 2) {
      times.put((String) pairs[i], Duration.ofSeconds((int) pairs[i + 1]));
    }
    return times;
  }
}
