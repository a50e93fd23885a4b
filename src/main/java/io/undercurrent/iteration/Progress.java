package io.undercurrent.iteration;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.controller.Performance;
import io.undercurrent.pace.Pacing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * How far a run is and how fast it got there; kept in the step's execution context, so that a
 * restart goes on with it.
 *
 * @param performance items and durations
 * @param iterations how many iterations were committed
 * @param rows how many keys were read, of {@code expectedRows}
 * @param expectedRows how many there are in all by the planner's estimate, 0 if unknown
 * @param lastChunk what the last chunk was allowed, or null before the first
 * @param lastMs how long the last iteration took, in milliseconds
 * @param recent how long the last iterations took, that one included
 * @param written what came of the keys
 */
public record Progress(
    Performance performance,
    long iterations,
    long rows,
    long expectedRows,
    @Nullable ChunkSize lastChunk,
    double lastMs,
    RecentIterations recent,
    Written written) {

  /** How many rows a chunk has at most, whatever its size. */
  public static final int MOST_ROWS = 100_000;

  private static final String PREFIX = "undercurrent.";
  private static final String RECENT = "recentMs";

  public static final Progress NONE =
      new Progress(Performance.NONE, 0, 0, 0, null, 0, RecentIterations.NONE, Written.NOTHING);

  /** What a context says; nothing done if it says nothing. */
  public static Progress of(ExecutionContext context) {
    return of(context.toMap());
  }

  /** The same from the context's entries. */
  public static Progress of(Map<String, Object> context) {
    var iterations = number(context, "iterations").longValue();
    return new Progress(
        new Performance(
            number(context, "items").longValue(),
            number(context, "totalMs").doubleValue(),
            number(context, "averageItems").doubleValue(),
            number(context, "averageMs").doubleValue()),
        iterations,
        number(context, "rows").longValue(),
        number(context, "expectedRows").longValue(),
        lastChunk(context),
        number(context, "lastMs").doubleValue(),
        RecentIterations.parse(context.get(PREFIX + RECENT)),
        iterations == 0 ? Written.NOTHING : Written.of(context));
  }

  private static @Nullable ChunkSize lastChunk(Map<String, Object> context) {
    return context.get(PREFIX + "chunkRule") instanceof String rule
        ? new ChunkSize(
            number(context, "chunkSize").intValue(),
            Rule.valueOf(rule),
            number(context, "targetMs").doubleValue(),
            number(context, "chunkItemsPerMs").doubleValue())
        : null;
  }

  private static Number number(Map<String, Object> context, String name) {
    return context.get(PREFIX + name) instanceof Number number ? number : 0;
  }

  /**
   * Has a context count from the beginning, as that of a slice of a run; what the run has learnt
   * about its pace stays.
   *
   * @param rows how many rows the slice has, as far as that is known
   */
  public static void countAnew(ExecutionContext context, long rows) {
    var pacing = Pacing.of(context.toMap());
    List.of("chunkSize", "chunkRule", "targetMs", "chunkItemsPerMs")
        .forEach(name -> context.remove(PREFIX + name));
    NONE.expecting(rows).writeTo(context);
    pacing.writeTo(context);
  }

  /**
   * Has the context of a slice that has not begun begin with the pace of another one.
   *
   * @param other the context of a slice of the same run
   */
  public static void learnPace(ExecutionContext slice, ExecutionContext other) {
    if (of(slice).iterations == 0 && of(other).iterations > 0) {
      Pacing.of(other.toMap()).writeTo(slice);
    }
  }

  /** Has a context count only what is done: what is left belongs to others. */
  public static void countNoMore(ExecutionContext context) {
    context.putLong(PREFIX + "expectedRows", of(context).rows);
  }

  /** What all of them have come to together; how they got there is that of none. */
  public static Progress together(List<Progress> all) {
    return all.stream().reduce(Progress::plus).orElse(NONE);
  }

  private Progress plus(Progress other) {
    return new Progress(
        performance.plus(other.performance),
        iterations + other.iterations,
        rows + other.rows,
        expectedRows + other.expectedRows,
        null,
        0,
        RecentIterations.NONE,
        written.plus(other.written));
  }

  void writeTo(ExecutionContext context) {
    context.putLong(PREFIX + "items", performance.totalItems());
    context.putDouble(PREFIX + "totalMs", performance.totalDurationMs());
    context.putDouble(PREFIX + "averageItems", performance.averageItems());
    context.putDouble(PREFIX + "averageMs", performance.averageDurationMs());
    context.putLong(PREFIX + "iterations", iterations);
    context.putLong(PREFIX + "rows", rows);
    context.putLong(PREFIX + "expectedRows", expectedRows);
    if (lastChunk != null) {
      context.putInt(PREFIX + "chunkSize", lastChunk.items());
      context.putString(PREFIX + "chunkRule", lastChunk.rule().name());
      context.putDouble(PREFIX + "targetMs", lastChunk.targetMs());
      context.putDouble(PREFIX + "chunkItemsPerMs", lastChunk.itemsPerMs());
    }
    context.putDouble(PREFIX + "lastMs", lastMs);
    context.putString(PREFIX + RECENT, recent.text());
    written.writeTo(context);
  }

  Progress expecting(long rows) {
    return new Progress(
        performance, iterations, this.rows, rows, lastChunk, lastMs, recent, written);
  }

  /** With an iteration more; a look that found nothing does not count. */
  public Progress with(Counts counts, ChunkSize chunk, Duration duration) {
    if (counts.items() == 0 && counts.walked() == 0) {
      return this;
    }
    return new Progress(
        performance.plus(counts.items(), duration),
        iterations + 1,
        rows + counts.walked(),
        expectedRows,
        chunk,
        duration.toNanos() / 1e6,
        recent.with(duration),
        written.plus(counts));
  }

  /** How many rows the last chunk was allowed: a chunk is held in memory, whatever the pace. */
  public int mostRows() {
    return lastChunk == null ? 0 : Math.min(lastChunk.items(), MOST_ROWS);
  }
}
