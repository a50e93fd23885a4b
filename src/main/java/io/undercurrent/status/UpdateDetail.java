package io.undercurrent.status;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.Explanation.Reason;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that there is to know about one update on one database.
 *
 * @param name the update
 * @param defined what the job files say, or null if none defines it
 * @param timeouts those of its next iteration, or null without a definition
 * @param queued its row of the queue, or null if it is not queued
 * @param progress how far its run is, or null if it is not queued
 * @param position the last key of its last chunk, in text form, or null before the first
 * @param end the key that was the greatest when the run began, likewise; null before that
 * @param chunk the size of its last chunk with the reason, or null before the first
 * @param reasons why it does not move, or that it does; empty if it is not queued
 */
public record UpdateDetail(
    String name,
    @Nullable DefinedUpdate defined,
    @Nullable TimeoutsView timeouts,
    @Nullable QueuedUpdate queued,
    @Nullable CurrentUpdate progress,
    @Nullable List<String> position,
    @Nullable List<String> end,
    @Nullable ChunkView chunk,
    List<Reason> reasons) {

  /**
   * How long the statements of an iteration may take.
   *
   * @param lock how long one waits for a lock; zero for as long as it takes
   * @param statement how long one runs; zero for as long as it takes
   */
  public record TimeoutsView(Duration lock, Duration statement) {}

  /**
   * The size of a chunk.
   *
   * @param size how many items it was allowed
   * @param rule one word: {@code default}, {@code pace}, {@code minimum}, {@code memory} or {@code
   *     one-shot}
   * @param reason the same in words
   */
  public record ChunkView(int size, String rule, String reason) {}
}
