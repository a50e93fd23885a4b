package io.undercurrent.status;

import io.undercurrent.key.KeyAxis;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.Snapshot.QueuedRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How far the job is that an update belongs to; only of jobs with several updates.
 *
 * @param number which of the job's updates is at work, from 1
 * @param of how many it has, those that were completed since it was started included
 * @param timeLeft what is left of all together, or null where that cannot be said, and where the
 *     update is the last one
 */
public record JobProgress(long number, long of, @Nullable Duration timeLeft) {

  static Optional<JobProgress> of(QueuedRun queued, int ofJob, @Nullable Duration timeLeft) {
    var all = queued.completed() + ofJob;
    return all < 2
        ? Optional.empty()
        : Optional.of(new JobProgress(queued.completed() + 1, all, timeLeft));
  }

  /**
   * What an update and those after it take, at the pace that the first has had so far, the
   * controller's sleeps included.
   *
   * @param progress how far the first is
   * @param rest where the keys of the others are; one of them has none if it walks no table
   * @return null unless there is a figure for each
   */
  static @Nullable Duration timeLeft(
      RunView run, ProgressView progress, List<Optional<KeyAxis>> rest, JdbcClient jdbc) {
    var left = progress.timeLeftAtMost();
    var pace = Pace.of(run);
    if (left == null
        || rest.isEmpty()
        || rest.stream().anyMatch(Optional::isEmpty)
        || pace.isEmpty()) {
      return null;
    }
    var rows = KeyAxis.rows(jdbc, rest.stream().flatMap(Optional::stream).toList());
    return rows.isEmpty() ? null : left.plus(pace.get().all(rows.getAsDouble()));
  }
}
