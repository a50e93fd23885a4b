package io.undercurrent.pace;

import java.time.Duration;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What bounds the chunks of a run besides the controller's pace.
 *
 * @param limit what they are held to after one was too much
 * @param writing how fast rows are written
 */
public record Pacing(ChunkLimit limit, WritePace writing) {

  public static final Pacing NONE = new Pacing(ChunkLimit.NONE, WritePace.UNKNOWN);

  public static Pacing of(Map<String, Object> context) {
    return new Pacing(ChunkLimit.of(context), WritePace.of(context));
  }

  public void writeTo(ExecutionContext context) {
    limit.writeTo(context);
    writing.writeTo(context);
  }

  /** After a chunk that was too much. */
  public Pacing atMost(int items) {
    return new Pacing(limit.atMost(items), writing);
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
