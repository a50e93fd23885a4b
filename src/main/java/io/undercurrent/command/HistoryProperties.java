package io.undercurrent.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept of the past.
 *
 * @param retention how long runs that have ended, and the records of operators' changes, are kept;
 *     for ever without it
 * @param samples how long what runs have done by the minute is kept
 */
@ConfigurationProperties("undercurrent.history")
record HistoryProperties(@Nullable Duration retention, @DefaultValue("30d") Duration samples) {

  private static final Duration SHORTEST = Duration.ofDays(1);

  HistoryProperties {
    if (retention != null) {
      requireADay("retention", retention);
    }
    requireADay("samples", samples);
  }

  private static void requireADay(String property, Duration given) {
    // A number without a unit is milliseconds.
    if (given.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "undercurrent.history.%s: expected a duration of 1d or more, got %dms"
              .formatted(property, given.toMillis()));
    }
  }
}
