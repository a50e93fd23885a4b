package io.undercurrent.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All that is on record of one run. */
public final class RunRecords {

  private final JdbcClient jdbc;
  private final Run run;

  public RunRecords(JdbcClient jdbc, Run run) {
    this.jdbc = jdbc;
    this.run = run;
  }

  /** Its executions, the first one first. */
  public List<Execution> executions() {
    return of("""
            SELECT execution.job_execution_id, execution.status,
                   execution.start_time AT TIME ZONE 'UTC' AS started_at,
                   execution.end_time AT TIME ZONE 'UTC' AS ended_at,
                   runner.parameter_value AS runner, version.parameter_value AS version,
                   done.*,
                   CASE WHEN execution.status IN ('FAILED', 'ABANDONED', 'UNKNOWN')
                        THEN nullif(regexp_replace(split_part(exit_message, chr(10), 1),
                                                   '^[a-z][\\w.$]*(Exception|Error): ', ''), '')
                    END AS error
              FROM undercurrent.run_executions
              JOIN undercurrent.batch_job_execution execution USING (job_execution_id)
              LEFT JOIN undercurrent.batch_job_execution_params runner
                     ON runner.job_execution_id = execution.job_execution_id
                    AND runner.parameter_name = 'runner'
              LEFT JOIN undercurrent.batch_job_execution_params version
                     ON version.job_execution_id = execution.job_execution_id
                    AND version.parameter_name = 'version'
             CROSS JOIN LATERAL (
               SELECT coalesce(sum(read_count), 0) AS read_count,
                      coalesce(sum(commit_count), 0) AS commit_count,
                      coalesce(sum(rollback_count), 0) AS rollback_count
                 FROM undercurrent.batch_step_execution step
                WHERE step.job_execution_id = execution.job_execution_id
                  AND step_name <> :update || ':lanes'
             ) done
             WHERE update_name = :update
               AND run_executions.run = CAST(:run AS text)
             ORDER BY job_execution_id""")
        .query(RunRecords::execution)
        .list();
  }

  private static Execution execution(ResultSet row, int number) throws SQLException {
    return new Execution(
        row.getLong("job_execution_id"),
        History.instant(row, "started_at"),
        History.instant(row, "ended_at"),
        row.getString("status"),
        row.getString("runner"),
        row.getString("version"),
        row.getLong("read_count"),
        row.getLong("commit_count"),
        row.getLong("rollback_count"),
        row.getString("error"));
  }

  /**
   * What operators changed of it, the oldest first: of the update from when it was queued until it
   * is queued again, and of all updates as long as it had not ended.
   */
  public List<Action> actions() {
    return of("""
            SELECT at, operator, came_by, address, action, subject, before, after, reason
              FROM undercurrent.actions
              JOIN undercurrent.runs
                ON update_name = :update
               AND run = :run
             WHERE at >= queued_at - interval '1 second'
               AND at < coalesce((SELECT min(next.queued_at) - interval '1 second'
                                    FROM undercurrent.runs next
                                   WHERE next.update_name = :update
                                     AND next.run > :run), 'infinity')
               AND (subject IN (:update, job_name)
                    OR subject IS NULL AND at <= coalesce(ended_at, 'infinity'))
             ORDER BY id""")
        .query(History::action)
        .list();
  }

  /** What the update did when the run began, as JSON; empty if that was not kept. */
  public Optional<String> definition() {
    return of("""
            SELECT definition
              FROM undercurrent.runs
             WHERE update_name = :update
               AND run = :run
               AND definition IS NOT NULL""")
        .query((row, number) -> row.getString("definition"))
        .optional();
  }

  /** What the server calls itself: {@code PostgreSQL 18.1}. */
  public @Nullable String server() {
    return jdbc.sql("SELECT 'PostgreSQL ' || current_setting('server_version')")
        .query(String.class)
        .single();
  }

  private JdbcClient.StatementSpec of(String sql) {
    return jdbc.sql(sql).param("update", run.update()).param("run", run.number());
  }
}
