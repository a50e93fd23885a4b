package io.undercurrent.pace;

import java.time.Duration;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What a run has learnt about the size of its chunks. Another one's can be written into the context
 * of a step that has not begun yet, which then begins with it.
 *
 * @param limit what they are held to after one was too much
 * @param walking what an item costs, all in all
 * @param writing what a row costs that is processed and written, which a filter leaves few of
 */
public record Pacing(ChunkLimit limit, Pace walking, Pace writing) {

  public static final Pacing NONE = new Pacing(ChunkLimit.NONE, Pace.UNKNOWN, Pace.UNKNOWN);

  private static final String WALKING = "undercurrent.pace.walking";
  private static final String WRITING = "undercurrent.pace.writing";

  /** What a context says; where an older version has written it, by the averages that it kept. */
  public static Pacing of(Map<String, Object> context) {
    return new Pacing(
        ChunkLimit.of(context),
        Pace.of(context, WALKING)
            .orElseGet(
                () ->
                    Pace.ofAverages(
                        context, "undercurrent.averageItems", "undercurrent.averageMs")),
        Pace.of(context, WRITING)
            .orElseGet(
                () ->
                    Pace.ofAverages(
                        context,
                        "undercurrent.averageWrittenRows",
                        "undercurrent.averageWritingMs")));
  }

  public void writeTo(ExecutionContext context) {
    limit.writeTo(context);
    walking.writeTo(context, WALKING);
    writing.writeTo(context, WRITING);
  }

  /**
   * How many items a chunk may have after one was too much. It is by its pace then, however few
   * those are, unless no chunk can be as fast as the target: then larger ones are tried.
   */
  public int most(Duration target) {
    return limit.isSetback() && limit.fixed().isZero() && !walking.isUnknown()
        ? Math.max(1, Math.min(limit.items(), walking.fitting(target)))
        : limit.items();
  }

  /**
   * After a chunk that was too much, and was rolled back.
   *
   * @param fewer how many items the next one may have
   * @param items how many it had
   */
  public Pacing atMost(int fewer, long items, Duration duration, Duration target) {
    // What failed early, for want of memory for example, says nothing about its pace.
    var tookLong = duration.compareTo(target) > 0;
    return new Pacing(
        limit.atMost(fewer), tookLong ? walking.plus(items, duration) : walking, writing);
  }

  /** After a chunk of so many items that others have waited for: the next one has half of them. */
  public Pacing halved(long items) {
    return new Pacing(limit.halved((int) Math.min(Integer.MAX_VALUE, items / 2)), walking, writing);
  }

  /**
   * After a chunk that is committed.
   *
   * @param cut whether it ended before it had all that it was allowed, because time was up
   */
  public Pacing after(Done chunk, boolean cut) {
    return new Pacing(
        cut
            ? limit.cutAfter(chunk.items)
            : limit.after(chunk.items, chunk.wanted, chunk.duration, chunk.target),
        walking.plus(chunk.items, chunk.duration),
        writing.plus(chunk.written, chunk.writing));
  }

  /**
   * A chunk that is committed.
   *
   * @param items how many it had
   * @param wanted how many it would have had without a limit
   * @param written how many rows it has processed and written
   * @param duration how long it took
   * @param writing how much of that went into those rows
   * @param target how long it was to take
   */
  public record Done(
      long items, int wanted, long written, Duration duration, Duration writing, Duration target) {}
}
