package io.undercurrent.worker;

import io.undercurrent.execution.ExecutionFailure;
import io.undercurrent.failure.FailureKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who works on which slice, as the rows have it. Whoever raises the version of a step execution has
 * the slice from then on, and nobody else can commit any more of it; what is written here runs in
 * transactions that are fenced by the lease's epoch.
 *
 * @param jdbc on which they run
 */
record ClaimedSlices(JdbcClient jdbc) {

  /** After which time a worker that was not seen counts as gone. */
  static final String SILENCE = "interval '15 s'";

  /** The same for one whose session has ended; it may open another one. */
  private static final String MOMENT = "interval '5 s'";

  /**
   * A slice as its row says.
   *
   * @param version that of the step execution
   * @param worker the worker that has it, or null if none does
   * @param workerName the same in words
   * @param lost whether nobody works on it although its row says that it is under way
   * @param failure what a worker failed with, or null
   * @param free how many lanes of living workers have nothing to do
   */
  record State(
      long stepExecution,
      BatchStatus status,
      long version,
      @Nullable String worker,
      @Nullable String workerName,
      boolean lost,
      @Nullable ExecutionFailure failure,
      int free) {

    private static State of(ResultSet row, int number) throws SQLException {
      var failure = row.getString("failure");
      var kind = row.getString("failure_kind");
      return new State(
          row.getLong("step_execution_id"),
          BatchStatus.valueOf(row.getString("status")),
          row.getLong("version"),
          row.getString("worker"),
          row.getString("name"),
          row.getBoolean("lost"),
          failure == null || kind == null
              ? null
              : new ExecutionFailure(
                  failure, row.getString("failure_sqlstate"), FailureKind.valueOf(kind)),
          row.getInt("free"));
    }
  }

  /** All slices of a job execution, in one statement. */
  List<State> of(long jobExecution, String update) {
    return jdbc.sql(
            """
            SELECT step.step_execution_id, step.status, step.version, claimed.worker,
                   workers.name, claimed.failure, claimed.failure_sqlstate, claimed.failure_kind,
                   claimed.worker IS NULL
                   OR claimed.renewed_at < clock_timestamp() - %1$s
                   OR (claimed.renewed_at < clock_timestamp() - %2$s
                       AND NOT EXISTS (
                         SELECT
                           FROM pg_stat_activity session
                          WHERE session.pid = workers.backend_pid
                            AND (session.backend_start = workers.backend_start
                                 OR session.backend_start IS NULL))) AS lost,
                   (SELECT coalesce(sum(greatest(0, living.lanes - (
                             SELECT count(*)
                               FROM undercurrent.claimed_slices busy
                               JOIN undercurrent.batch_step_execution working
                                 ON working.step_execution_id = busy.step_execution_id
                                AND working.status = 'STARTED'
                              WHERE busy.worker = living.worker))), 0)
                      FROM undercurrent.workers living
                     WHERE living.seen_at > clock_timestamp() - %1$s
                       AND living.unfit_for IS DISTINCT FROM :update) AS free
              FROM undercurrent.batch_step_execution step
              LEFT JOIN undercurrent.claimed_slices claimed USING (step_execution_id)
              LEFT JOIN undercurrent.workers ON workers.worker = claimed.worker
             WHERE step.job_execution_id = :execution"""
                .formatted(SILENCE, MOMENT))
        .param("execution", jobExecution)
        .param("update", update)
        .query(State::of)
        .list();
  }

  /**
   * Gives a slice that was asked for to a worker, if it still is as it was.
   *
   * @return the version from which on it is the worker's, or nothing if it is not to be had
   */
  OptionalLong claim(SliceRequest request, String worker) {
    var version =
        jdbc.sql(
                """
                UPDATE undercurrent.batch_step_execution step
                   SET status = 'STARTED', version = step.version + 1,
                       start_time = coalesce(step.start_time, now() AT TIME ZONE 'UTC'),
                       last_updated = now() AT TIME ZONE 'UTC'
                  FROM undercurrent.batch_job_execution execution
                 WHERE step.step_execution_id = :slice
                   AND step.job_execution_id = :execution
                   AND step.step_name = :step
                   AND step.version = :version
                   AND step.status = 'STARTING'
                   AND execution.job_execution_id = step.job_execution_id
                   AND execution.status = 'STARTED'
                RETURNING step.version""")
            .param("slice", request.stepExecution())
            .param("execution", request.jobExecution())
            .param("step", request.step())
            .param("version", request.version())
            .query(Long.class)
            .optional();
    version.ifPresent(claimed -> note(request.stepExecution(), worker));
    return version.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private void note(long slice, String worker) {
    jdbc.sql(
            """
            INSERT INTO undercurrent.claimed_slices (step_execution_id, worker)
            VALUES (:slice, :worker)
                ON CONFLICT (step_execution_id)
                DO UPDATE SET worker = excluded.worker, claimed_at = clock_timestamp(),
                              renewed_at = clock_timestamp(), stop_reason = NULL,
                              failure = NULL, failure_sqlstate = NULL, failure_kind = NULL""")
        .param("slice", slice)
        .param("worker", worker)
        .update();
  }

  /**
   * Has the runner work on a slice itself, if no worker has claimed it.
   *
   * @return whether it is the runner's now
   */
  boolean take(long slice, long version) {
    return jdbc.sql(
                """
                UPDATE undercurrent.batch_step_execution
                   SET version = version + 1, last_updated = now() AT TIME ZONE 'UTC'
                 WHERE step_execution_id = :slice
                   AND version = :version
                   AND status = 'STARTING'""")
            .param("slice", slice)
            .param("version", version)
            .update()
        > 0;
  }

  /**
   * Takes a slice away from a worker that is gone, to be given out again; what the worker still
   * wants to commit is refused.
   */
  void takeAway(State seen) {
    jdbc.sql(
            """
            SELECT count(pg_terminate_backend(session.pid))
              FROM undercurrent.lease_backends recorded
              JOIN pg_stat_activity session USING (pid, backend_start)
             WHERE recorded.owner_id = :worker""")
        .param("worker", seen.worker())
        .query()
        .singleRow();
    jdbc.sql(
            """
            UPDATE undercurrent.batch_step_execution
               SET version = version + 1, status = 'STARTING', exit_code = 'EXECUTING',
                   exit_message = '', end_time = NULL, last_updated = now() AT TIME ZONE 'UTC'
             WHERE step_execution_id = :slice
               AND status IN ('STARTED', 'STOPPING', 'UNKNOWN')""")
        .param("slice", seen.stepExecution())
        .update();
    letGo(seen.stepExecution());
  }

  /** Has a slice that a worker has stopped, for its own end, be given out again. */
  void reopen(long slice, long version) {
    jdbc.sql(
            """
            UPDATE undercurrent.batch_step_execution
               SET version = version + 1, status = 'STARTING', exit_code = 'EXECUTING',
                   exit_message = '', end_time = NULL, last_updated = now() AT TIME ZONE 'UTC'
             WHERE step_execution_id = :slice
               AND version = :version""")
        .param("slice", slice)
        .param("version", version)
        .update();
    letGo(slice);
  }

  /** Forgets who had a slice. */
  void letGo(long slice) {
    jdbc.sql("DELETE FROM undercurrent.claimed_slices WHERE step_execution_id = :slice")
        .param("slice", slice)
        .update();
  }

  /** A worker is at a slice no more; if it has not ended, nobody has it. */
  void letGo(long slice, String worker) {
    jdbc.sql(
            """
            DELETE FROM undercurrent.claimed_slices claimed
             USING undercurrent.batch_step_execution step
             WHERE claimed.step_execution_id = :slice
               AND claimed.worker = :worker
               AND step.step_execution_id = claimed.step_execution_id
               AND step.end_time IS NULL""")
        .param("slice", slice)
        .param("worker", worker)
        .update();
  }

  /** Asks the worker of a slice to stop at the next boundary. */
  void askToStop(long slice, String reason) {
    jdbc.sql(
            """
            UPDATE undercurrent.claimed_slices
               SET stop_reason = :reason
             WHERE step_execution_id = :slice""")
        .param("reason", reason)
        .param("slice", slice)
        .update();
  }

  /** Notes what a worker's slice fails with, before its end is saved. */
  void failed(long slice, String worker, ExecutionFailure failure) {
    jdbc.sql(
            """
            UPDATE undercurrent.claimed_slices
               SET failure = :failure, failure_sqlstate = :sqlState, failure_kind = :kind
             WHERE step_execution_id = :slice
               AND worker = :worker""")
        .param("failure", failure.message())
        .param("sqlState", failure.sqlState())
        .param("kind", failure.kind().name())
        .param("slice", slice)
        .param("worker", worker)
        .update();
  }

  /** Says that a worker still is at its slices. */
  void renew(String worker, Collection<Long> slices) {
    jdbc.sql(
            """
            UPDATE undercurrent.claimed_slices
               SET renewed_at = clock_timestamp()
             WHERE worker = :worker
               AND step_execution_id = ANY (:slices)""")
        .param("worker", worker)
        .param("slices", slices.toArray(Long[]::new))
        .update();
  }

  /**
   * What a worker's slice is to stop for: what a runner asks, or that it is the worker's no more.
   */
  @Nullable String stopReason(long slice, String worker) {
    return jdbc.sql(
            """
            SELECT CASE WHEN worker IS DISTINCT FROM :worker THEN 'it was given to another'
                        ELSE stop_reason END
              FROM (SELECT) AS one
              LEFT JOIN undercurrent.claimed_slices ON step_execution_id = :slice""")
        .param("slice", slice)
        .param("worker", worker)
        .query((row, number) -> Optional.ofNullable(row.getString(1)))
        .single()
        .orElse(null);
  }
}
