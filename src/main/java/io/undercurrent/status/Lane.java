package io.undercurrent.status;

import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.status.UpdateDetail.ChunkView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one worker of a run has done and where it is: its last step execution.
 *
 * @param checkpoint what its context holds
 * @param rowsRead the keys that it read in that execution
 * @param commits the iterations in which it did so
 * @param elapsed how long it took for them, the controller's sleeps included
 * @param lastCommit when an iteration was committed last, or null if it ended or none was
 */
public record Lane(
    Checkpoint checkpoint,
    long rowsRead,
    long commits,
    Duration elapsed,
    @Nullable Instant lastCommit) {

  /** The columns that one is read from, of the tables {@code step} and {@code context}. */
  static final String COLUMNS =
      """
      coalesce(context.serialized_context, context.short_context) AS context,
      step.read_count, step.commit_count,
      (1000 * extract(epoch FROM step.last_updated - step.start_time))::bigint AS elapsed_ms,
      CASE WHEN step.commit_count > 0 AND step.end_time IS NULL
        THEN step.last_updated AT TIME ZONE 'UTC' END AS last_commit""";

  static Lane of(ResultSet row) throws SQLException {
    var lastCommit = row.getObject("last_commit", OffsetDateTime.class);
    return new Lane(
        Checkpoint.read(row.getString("context")),
        row.getLong("read_count"),
        row.getLong("commit_count"),
        Duration.ofMillis(row.getLong("elapsed_ms")),
        lastCommit == null ? null : lastCommit.toInstant());
  }

  public Progress progress() {
    return checkpoint.progress();
  }

  /** The last key of its last chunk, in text form, or null before the first. */
  public @Nullable List<String> position() {
    return checkpoint.position();
  }

  /** The key that its range begins with, or the values of its leading columns; null for any. */
  public @Nullable List<String> begin() {
    return checkpoint.begin();
  }

  /** The key that its range ends with, likewise; null where it has none. */
  public @Nullable List<String> end() {
    return checkpoint.end();
  }

  /** The size of its last chunk with the reason, or null before the first. */
  public @Nullable ChunkView chunk() {
    return ChunkReason.of(progress());
  }

  /** How many items its last chunk was allowed, or null before the first. */
  public @Nullable Integer chunkSize() {
    var chunk = progress().lastChunk();
    return chunk == null ? null : chunk.items();
  }

  /** How long the last iterations took, at most 20, the latest last. */
  public List<Duration> recentIterations() {
    return progress().recent().durations();
  }

  /** What the controller sleeps before an iteration, on average, or null before the first. */
  public @Nullable Duration sleep() {
    if (commits == 0) {
      return null;
    }
    var work = progress().performance().totalDurationMs() / progress().iterations();
    return RunView.duration(Math.max(0, (double) elapsed.toMillis() / commits - work));
  }

  /** How long the last iteration took, or null before the first. */
  public @Nullable Duration lastIteration() {
    return progress().iterations() == 0 ? null : RunView.duration(progress().lastMs());
  }
}
