package io.undercurrent.history;

import io.undercurrent.quarantine.Quarantine;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of an update: from the time it was queued, over all its restarts.
 *
 * @param update the update
 * @param job the job that queued it
 * @param number the run's number
 * @param queuedAt when it was queued
 * @param startedAt when its first execution began, or null before
 * @param endedAt when it was completed or cancelled, or null before
 * @param status how far it has come
 * @param executions how often it was started, the restarts included
 * @param read the keys that were walked
 * @param filtered those of them that were left out
 * @param written the rows that statements changed; where that is not known, and in runs before that
 *     was counted, the items that were written
 * @param commits the chunks that were committed
 * @param rollbacks the chunks that were rolled back
 * @param working how long the executions lasted in all, the controller's sleeps included: one that
 *     still runs, up to now; one that died, up to its last commit
 * @param exitCode the last execution's exit code, or null before the first
 * @param lastError the first line of the last failed execution's error, or null if none failed
 * @param changed the rows that its statements have changed, or null if that is not known
 * @param warning what to look at although it was completed, or null
 * @param quarantined the rows that it has put aside and that are still in quarantine
 * @param times what it has spent its time on, as far as that is written down; null of one that was
 *     never counted, as by an older version
 */
public record Run(
    String update,
    String job,
    long number,
    Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    RunStatus status,
    int executions,
    long read,
    long filtered,
    long written,
    long commits,
    long rollbacks,
    Duration working,
    @Nullable String exitCode,
    @Nullable String lastError,
    @Nullable Long changed,
    @Nullable String warning,
    long quarantined,
    @Nullable RunTimes times) {

  /** How many of the walked keys were items to write. */
  public long matching() {
    return read - filtered;
  }

  /** Whether it has ended as one that had to put rows aside, whatever became of them since. */
  public boolean endedWithQuarantine() {
    return status == RunStatus.COMPLETED && Quarantine.COMPLETED.equals(exitCode);
  }

  /** How often it was started again, after a crash, a stop or a failure. */
  public int restarts() {
    return Math.max(0, executions - 1);
  }
}
