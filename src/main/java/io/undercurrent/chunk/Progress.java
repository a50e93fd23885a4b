package io.undercurrent.chunk;

import io.undercurrent.controller.Performance;
import java.time.Duration;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * How far a run is and how fast it got there; kept in the step's execution context, so that a
 * restart goes on with it.
 *
 * @param performance items and durations
 * @param iterations how many iterations were committed
 * @param rows how many keys were read, of {@code expectedRows}
 * @param expectedRows how many there are in all by the planner's estimate, 0 if unknown
 * @param chunkSize the size that the last chunk was allowed, 0 before the first
 * @param lastMs how long the last iteration took, in milliseconds
 * @param recent how long the last iterations took, that one included
 */
public record Progress(
    Performance performance,
    long iterations,
    long rows,
    long expectedRows,
    int chunkSize,
    double lastMs,
    RecentIterations recent) {

  private static final String PREFIX = "undercurrent.";
  private static final String RECENT = "recentMs";

  static final Progress NONE = new Progress(Performance.NONE, 0, 0, 0, 0, 0, RecentIterations.NONE);

  /** What a context tells; nothing done if it tells nothing. */
  public static Progress of(ExecutionContext context) {
    return of(context.toMap());
  }

  /** The same from the context's entries. */
  public static Progress of(Map<String, Object> context) {
    return new Progress(
        new Performance(
            number(context, "items").longValue(),
            number(context, "totalMs").doubleValue(),
            number(context, "averageItems").doubleValue(),
            number(context, "averageMs").doubleValue()),
        number(context, "iterations").longValue(),
        number(context, "rows").longValue(),
        number(context, "expectedRows").longValue(),
        number(context, "chunkSize").intValue(),
        number(context, "lastMs").doubleValue(),
        RecentIterations.parse(context.get(PREFIX + RECENT)));
  }

  private static Number number(Map<String, Object> context, String name) {
    return context.get(PREFIX + name) instanceof Number number ? number : 0;
  }

  void writeTo(ExecutionContext context) {
    context.putLong(PREFIX + "items", performance.totalItems());
    context.putDouble(PREFIX + "totalMs", performance.totalDurationMs());
    context.putDouble(PREFIX + "averageItems", performance.averageItems());
    context.putDouble(PREFIX + "averageMs", performance.averageDurationMs());
    context.putLong(PREFIX + "iterations", iterations);
    context.putLong(PREFIX + "rows", rows);
    context.putLong(PREFIX + "expectedRows", expectedRows);
    context.putInt(PREFIX + "chunkSize", chunkSize);
    context.putDouble(PREFIX + "lastMs", lastMs);
    context.putString(PREFIX + RECENT, recent.text());
  }

  Progress expecting(long rows) {
    return new Progress(performance, iterations, this.rows, rows, chunkSize, lastMs, recent);
  }

  /** With an iteration more; a look that found nothing does not count. */
  Progress with(UpdateStep.Counts counts, int chunkSize, Duration duration) {
    if (counts.items() == 0 && counts.rows() == 0) {
      return this;
    }
    return new Progress(
        performance.plus(counts.items(), duration),
        iterations + 1,
        rows + counts.rows(),
        expectedRows,
        chunkSize,
        duration.toNanos() / 1e6,
        recent.with(duration));
  }
}
