package io.undercurrent.status;

import io.undercurrent.history.Run;
import io.undercurrent.history.RunTimes;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.kind.Description;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All that there is to know about one update on one database.
 *
 * @param name the update
 * @param defined what the job files say, or null if none defines it
 * @param expansion what its definition comes to on this database, or null where that says all
 * @param timeouts those of its next iteration, or null without a definition
 * @param progress how far its run is, or null if it is not queued
 * @param knobs what operators have set of it while it is queued
 * @param reasons why it does not move, or that it does; empty if it is not queued
 * @param dueAt when it is queued again by itself, or null if it is not
 * @param lastRun its last run, the one that is queued if one is; null if there never was any
 */
public record UpdateDetail(
    String name,
    @Nullable DefinedUpdate defined,
    @Nullable Expansion expansion,
    @Nullable TimeoutsView timeouts,
    @Nullable CurrentUpdate progress,
    KnobSettings knobs,
    List<Hold> reasons,
    @Nullable Instant dueAt,
    @Nullable Run lastRun) {

  /** Its row of the queue, or null if it is not queued. */
  public @Nullable QueuedUpdate queued() {
    return progress == null ? null : progress.queued();
  }

  /**
   * The last key of its last chunk, in text form; null before the first, and of a run that was cut,
   * which has one in each slice.
   */
  public @Nullable List<String> position() {
    return progress == null || progress.work().isCut() ? null : lane(Lane::position);
  }

  /** The key that was the greatest when the run began, likewise; null before that. */
  public @Nullable List<String> end() {
    var lanes = progress == null ? List.<Lane>of() : progress.work().lanes();
    return lanes.isEmpty() ? null : lanes.get(lanes.size() - 1).end();
  }

  /** The size of its last chunk with the reason, or null before the first. */
  public @Nullable ChunkView chunk() {
    return lane(lane -> new ChunkReason(knobs).of(lane.progress()));
  }

  /** What its last run has spent its time on, up to now; null if nobody has counted it. */
  public @Nullable RunTimes times() {
    if (progress != null) {
      var spent = progress.work().spent();
      return spent == null ? null : spent.times();
    }
    return lastRun == null ? null : lastRun.times();
  }

  private <T> @Nullable T lane(Function<Lane, @Nullable T> figure) {
    return progress == null ? null : progress.work().lane().map(figure).orElse(null);
  }

  /**
   * What a definition in fewer words comes to on a database.
   *
   * @param work that, its SQL as a whole, or null where it does not fit the database
   * @param problem why it does not, or null
   */
  public record Expansion(@Nullable Description work, @Nullable String problem) {}

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
