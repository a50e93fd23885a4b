package io.undercurrent.pace;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntSupplier;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * How fast rows are processed and written, apart from how fast keys are walked: moving averages
 * over the iterations that wrote something. Kept in the step's execution context.
 *
 * @param rows of an iteration, on average
 * @param ms that took, on average
 */
public record WritePace(double rows, double ms) {

  public static final WritePace UNKNOWN = new WritePace(0, 0);

  private static final String ROWS = "undercurrent.averageWrittenRows";
  private static final String MS = "undercurrent.averageWritingMs";

  /** The weight of the latest, as in the averages of {@link io.undercurrent.controller}. */
  private static final double WEIGHT = 0.1;

  static WritePace of(Map<String, Object> context) {
    return context.get(ROWS) instanceof Number rows && context.get(MS) instanceof Number ms
        ? new WritePace(rows.doubleValue(), ms.doubleValue())
        : UNKNOWN;
  }

  void writeTo(ExecutionContext context) {
    if (!equals(UNKNOWN)) {
      context.putDouble(ROWS, rows);
      context.putDouble(MS, ms);
    }
  }

  /** The pace after one more iteration. */
  public WritePace plus(long written, Duration duration) {
    return written == 0
        ? this
        : new WritePace(
            rows + WEIGHT * (written - rows), ms + WEIGHT * (duration.toNanos() / 1e6 - ms));
  }

  /**
   * How many rows fit into a duration.
   *
   * @param first how many while that is unknown; asked only then
   * @param least how many at least; asked only later
   */
  public int most(Duration target, IntSupplier first, IntSupplier least) {
    if (rows == 0) {
      return first.getAsInt();
    }
    var affordable = ms == 0 ? Integer.MAX_VALUE : target.toNanos() / 1e6 * rows / ms;
    return (int) Math.max(least.getAsInt(), Math.min(Integer.MAX_VALUE, affordable));
  }
}
