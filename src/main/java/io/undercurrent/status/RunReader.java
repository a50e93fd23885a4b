package io.undercurrent.status;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads runs from Spring Batch's tables; the only place that knows them. */
public final class RunReader {

  /** The columns that a run is read from, and the joins that give them to a lease's row. */
  static final String COLUMNS =
      """
      execution.job_execution_id, execution.active, execution.status = 'COMPLETED' AS completed,
      lane.step_execution_id, lane.context, lane.read_count, lane.commit_count, lane.elapsed_ms,
      lane.last_commit, lane.slice, lane.lane_status, aside.quarantined, spent.times,
      clock.until AS counted_until,
      clock.iteration_ms AS counted_iteration_ms""";

  private static final String JOINS =
      """
        LEFT JOIN LATERAL (
          SELECT job_execution_id, status,
                 EXISTS (SELECT
                           FROM undercurrent.live_lease
                          WHERE status IN ('STARTING', 'STARTED', 'STOPPING')
                             -- until its row leaves the queue
                             OR status = 'COMPLETED'
                                AND current_update = %1$s
                                AND acquired_at AT TIME ZONE 'UTC' < start_time) AS active
            FROM undercurrent.run_executions
           WHERE update_name = %1$s
             AND run = CAST(%2$s AS text)
           ORDER BY job_execution_id DESC
           LIMIT 1
        ) execution ON true
        -- the last one of each step: an execution that has just begun has none yet, and a
        -- restart leaves out what is complete; the one that has slices worked on does nothing
        LEFT JOIN LATERAL (
          SELECT step_execution_id, %3$s
            FROM (SELECT DISTINCT ON (step_name) step.*,
                         CAST(CASE WHEN step_name LIKE '%%:slice%%' AND step_name <> %1$s
                                   THEN substring(step_name FROM ':slice(\\d{1,4})$') END
                              AS int) AS slice
                    FROM undercurrent.run_executions
                    JOIN undercurrent.batch_step_execution step USING (job_execution_id)
                   WHERE update_name = %1$s
                     AND run = CAST(%2$s AS text)
                     AND step_name <> %1$s || ':lanes'
                   ORDER BY step_name, step_execution_id DESC) step
            JOIN undercurrent.batch_step_execution_context context USING (step_execution_id)
        ) lane ON true
        LEFT JOIN LATERAL (
          SELECT count(*) AS quarantined
            FROM undercurrent.quarantine
           WHERE update_name = %1$s
             AND run = %2$s
        ) aside ON true
        LEFT JOIN LATERAL (
          SELECT jsonb_object_agg(activity, ms) AS times
            FROM undercurrent.run_times
           WHERE update_name = %1$s
             AND run = %2$s
        ) spent ON true
        LEFT JOIN undercurrent.run_clocks clock
               ON clock.update_name = %1$s
              AND clock.run = %2$s
      """;

  /** That of the lanes of a run. */
  static final String ORDER = " ORDER BY lane.slice NULLS FIRST";

  private RunReader() {}

  /**
   * Joins a run to the lease, a row for each of its lanes.
   *
   * @param update SQL for the update's name
   * @param run SQL for the run's number
   */
  static String joins(String update, String run) {
    return JOINS.formatted(update, run, Lane.COLUMNS);
  }

  /** A run's last execution; also of an update that has left the queue. */
  public static RunView last(JdbcClient jdbc, String update, long run) {
    return jdbc
        .sql("SELECT " + COLUMNS + " FROM undercurrent.lease" + joins(":update", ":run") + ORDER)
        .param("update", update)
        .param("run", run)
        .query(RunReader::of)
        .list()
        .stream()
        .reduce(RunReader::together)
        .orElse(RunView.NONE);
  }

  /** A row's run with the lane that is in it, if one is. */
  static RunView of(ResultSet row, int number) throws SQLException {
    return row.getObject("job_execution_id") == null
        ? RunView.NONE
        : new RunView(
            true,
            row.getBoolean("active"),
            row.getBoolean("completed"),
            row.getObject("step_execution_id") == null ? List.of() : List.of(Lane.of(row)),
            row.getLong("quarantined"),
            1,
            Spent.of(row));
  }

  /** The same run with the lanes of both. */
  static RunView together(RunView run, RunView same) {
    var lanes = new ArrayList<>(run.lanes());
    lanes.addAll(same.lanes());
    return new RunView(
        run.begun(),
        run.active(),
        run.completed(),
        List.copyOf(lanes),
        run.quarantined(),
        run.wanted(),
        run.spent());
  }
}
