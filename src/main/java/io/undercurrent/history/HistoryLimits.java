package io.undercurrent.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a history is kept.
 *
 * @param runs those that have ended, and the records of operators' changes; null for ever
 * @param samples what runs have done by the minute
 */
public record HistoryLimits(@Nullable Duration runs, Duration samples) {

  /** How long samples are kept where nothing is said. */
  public static final Duration SAMPLES = Duration.ofDays(30);
}
