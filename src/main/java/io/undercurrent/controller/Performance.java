package io.undercurrent.controller;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast an update has been so far: totals and moving averages over its iterations.
 *
 * <p>Both averages start at 0 and move by 0.1 of the difference, as the reference says; their
 * shortfall at the beginning cancels out in the quotient. The numbers are plain so that they can be
 * stored and restored as they are.
 *
 * @param totalItems what was counted in all iterations
 * @param totalDurationMs what they took together, in ms
 * @param averageItems moving average of the items of an iteration
 * @param averageDurationMs moving average of its duration, in ms
 */
public record Performance(
    long totalItems, double totalDurationMs, double averageItems, double averageDurationMs) {

  /** The performance before the first iteration. */
  public static final Performance NONE = new Performance(0, 0, 0, 0);

  private static final double WEIGHT = 0.1;
  private static final double NANOS_PER_MS = 1_000_000;

  /** What both have counted. */
  public Performance plus(Performance other) {
    return new Performance(
        totalItems + other.totalItems,
        totalDurationMs + other.totalDurationMs,
        averageItems + other.averageItems,
        averageDurationMs + other.averageDurationMs);
  }

  /** The performance after one more iteration. */
  public Performance plus(long items, Duration duration) {
    var durationMs = ms(duration);
    return new Performance(
        totalItems + items,
        totalDurationMs + durationMs,
        moved(averageItems, items),
        moved(averageDurationMs, durationMs));
  }

  /**
   * The rate that chunk sizes follow.
   *
   * @return null while nothing was counted; 0 if no time has passed
   */
  public @Nullable Double averageItemsPerMs() {
    if (totalItems == 0) {
      return null;
    }
    return averageDurationMs == 0 ? 0 : averageItems / averageDurationMs;
  }

  static double ms(Duration duration) {
    return duration.toSeconds() * 1_000.0 + duration.getNano() / NANOS_PER_MS;
  }

  private static double moved(double average, double value) {
    return average + WEIGHT * (value - average);
  }
}
