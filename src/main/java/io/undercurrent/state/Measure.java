package io.undercurrent.state;

import org.jspecify.annotations.Nullable;

/**
 * What a signal of a database's health has shown, beside the threshold that it was compared with.
 *
 * @param signal its name in the configuration: {@code replication-lag}
 * @param subject what was measured of several such: a standby, a slot, a table; null if there is
 *     only one
 * @param value in the unit; null if it cannot be read
 * @param threshold in the unit; above it, iterations are held
 * @param unit of both
 */
public record Measure(
    String signal, @Nullable String subject, @Nullable Double value, double threshold, Unit unit) {

  /** What a signal is measured in. */
  public enum Unit {
    SECONDS,
    BYTES,
    COUNT
  }
}
