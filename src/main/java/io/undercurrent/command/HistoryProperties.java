package io.undercurrent.command;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What is kept of the past.
 *
 * @param retention how long runs that have ended, and the records of operators' changes, are kept;
 *     for ever without it
 */
@ConfigurationProperties("undercurrent.history")
record HistoryProperties(@Nullable Duration retention) {

  private static final Duration SHORTEST = Duration.ofDays(1);

  HistoryProperties {
    // A number without a unit is milliseconds.
    if (retention != null && retention.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "undercurrent.history.retention: expected a duration of 1d or more, got %dms"
              .formatted(retention.toMillis()));
    }
  }
}
