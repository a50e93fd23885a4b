package io.undercurrent.iteration;

import java.time.Duration;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What bounds the chunks of a run besides the controller's pace.
 *
 * @param limit what they are held to after one was too much
 * @param writing how fast rows are written
 */
record Pacing(ChunkLimit limit, WritePace writing) {

  static final Pacing NONE = new Pacing(ChunkLimit.NONE, WritePace.UNKNOWN);

  static Pacing of(Map<String, Object> context) {
    return new Pacing(ChunkLimit.of(context), WritePace.of(context));
  }

  void writeTo(ExecutionContext context) {
    limit.writeTo(context);
    writing.writeTo(context);
  }

  /** After a chunk that was too much. */
  Pacing atMost(int items) {
    return new Pacing(limit.atMost(items), writing);
  }

  /**
   * After a chunk that is committed.
   *
   * @param wanted how many items it would have had without a limit
   */
  Pacing after(Attempt attempt, int wanted, Duration duration, Duration target) {
    var counts = attempt.counts();
    return new Pacing(
        attempt.wasCut()
            ? limit.cutAfter(counts.items())
            : limit.after(counts.items(), wanted, duration, target),
        writing.plus(counts.matching(), attempt.writing()));
  }
}
