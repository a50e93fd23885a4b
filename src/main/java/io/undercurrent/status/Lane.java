package io.undercurrent.status;

import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.status.Slice.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one part of a run has come to: its last step execution. A run in one piece has one; one that
 * was cut has one for each slice, after that which worked on it before it was cut.
 *
 * @param checkpoint what its context holds
 * @param rowsRead the keys that it read in that execution
 * @param commits the iterations in which it did so
 * @param elapsed how long it took for them, the controller's sleeps included
 * @param lastCommit when an iteration was committed last, or null if it ended or none was
 * @param slice which slice it is, or null if it is all of the run
 */
public record Lane(
    Checkpoint checkpoint,
    long rowsRead,
    long commits,
    Duration elapsed,
    @Nullable Instant lastCommit,
    @Nullable Slice slice) {

  /** That of a run in one piece. */
  public Lane(
      Checkpoint checkpoint,
      long rowsRead,
      long commits,
      Duration elapsed,
      @Nullable Instant lastCommit) {
    this(checkpoint, rowsRead, commits, elapsed, lastCommit, null);
  }

  /** The columns that one is read from, of the tables {@code step} and {@code context}. */
  static final String COLUMNS =
      """
      coalesce(context.serialized_context, context.short_context) AS context,
      step.read_count, step.commit_count,
      (1000 * extract(epoch FROM step.last_updated - step.start_time))::bigint AS elapsed_ms,
      CASE WHEN step.commit_count > 0 AND step.end_time IS NULL
        THEN step.last_updated AT TIME ZONE 'UTC' END AS last_commit,
      step.slice, step.status AS lane_status""";

  static Lane of(ResultSet row) throws SQLException {
    var lastCommit = row.getObject("last_commit", OffsetDateTime.class);
    var checkpoint = Checkpoint.read(row.getString("context"));
    return new Lane(
        checkpoint,
        row.getLong("read_count"),
        row.getLong("commit_count"),
        Duration.ofMillis(row.getLong("elapsed_ms")),
        lastCommit == null ? null : lastCommit.toInstant(),
        slice(row, checkpoint.progress().iterations() > 0));
  }

  private static @Nullable Slice slice(ResultSet row, boolean begun) throws SQLException {
    var number = row.getObject("slice", Integer.class);
    return number == null
        ? null
        : new Slice(
            number, State.of(row.getString("lane_status"), row.getBoolean("active"), begun));
  }

  boolean is(State... states) {
    return slice != null && List.of(states).contains(slice.state());
  }

  Lane held() {
    return slice == null
        ? this
        : new Lane(
            checkpoint,
            rowsRead,
            commits,
            elapsed,
            lastCommit,
            new Slice(slice.number(), State.HELD));
  }

  /** The same in so much of its time. */
  Lane in(double share) {
    return new Lane(
        checkpoint,
        rowsRead,
        commits,
        Duration.ofNanos((long) (elapsed.toNanos() * share)),
        lastCommit,
        slice);
  }

  /** Whether it has done anything, in this execution or an earlier one. */
  public boolean begun() {
    return progress().iterations() > 0;
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

  /** Its pace as a moving average, or null while nothing was counted. */
  public @Nullable Double itemsPerMs() {
    return progress().performance().averageItemsPerMs();
  }

  /** Which part of its rows is done, 0 to 100; null where nobody knows how many it has. */
  public @Nullable Double percent() {
    if (is(State.DONE)) {
      return 100.0;
    }
    var expected = Math.max(progress().expectedRows(), progress().rows());
    return expected == 0 ? null : Math.min(99.9, 100.0 * progress().rows() / expected);
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
