package io.undercurrent.history;

import io.undercurrent.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;

/** The runs of one database's updates, past and present, as Spring Batch's tables tell them. */
public final class History {

  private static final String UNDEFINED_TABLE = "42P01";

  private final Database database;

  public History(Database database) {
    this.database = database;
  }

  /**
   * Runs of all updates, the one queued last first; none where Undercurrent never worked.
   *
   * @param limit how many at most
   */
  public List<Run> runs(int limit) {
    return select(null, limit);
  }

  /**
   * Runs of one update, the one queued last first.
   *
   * @param limit how many at most
   */
  public List<Run> runsOf(String update, int limit) {
    return select(update, limit);
  }

  /**
   * What operators changed, the newest first; nothing where Undercurrent never worked.
   *
   * @param limit how many at most
   */
  public List<Action> actions(int limit) {
    try {
      return database
          .jdbc()
          .sql(
              """
              SELECT at, operator, came_by, address, action, subject, before, after, reason
                FROM undercurrent.actions
               ORDER BY id DESC
               LIMIT :limit""")
          .param("limit", limit)
          .query(History::action)
          .list();
    } catch (BadSqlGrammarException e) {
      if (neverWorkedHere(e)) {
        return List.of();
      }
      throw e;
    }
  }

  private static Action action(ResultSet row, int rowNumber) throws SQLException {
    return new Action(
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("operator"),
        row.getString("came_by"),
        row.getString("address"),
        row.getString("action"),
        row.getString("subject"),
        row.getString("before"),
        row.getString("after"),
        row.getString("reason"));
  }

  private List<Run> select(@Nullable String update, int limit) {
    try {
      return database
          .jdbc()
          .sql(
              """
              WITH listed AS (
                SELECT *
                  FROM undercurrent.runs
                 WHERE :update::text IS NULL OR update_name = :update
                 ORDER BY queued_at DESC, run DESC, update_name
                 LIMIT :limit
              ),
              execution AS (
                SELECT listed.update_name, listed.run, e.job_execution_id AS id, e.status,
                       e.exit_code, e.exit_message, e.start_time AT TIME ZONE 'UTC' AS started_at,
                       coalesce(e.end_time, step.last_updated, e.last_updated) - e.start_time
                         AS lasted,
                       step.*
                  FROM listed
                  JOIN undercurrent.batch_job_instance i ON i.job_name = listed.update_name
                  JOIN undercurrent.batch_job_execution e USING (job_instance_id)
                  JOIN undercurrent.batch_job_execution_params p
                    ON p.job_execution_id = e.job_execution_id
                   AND p.parameter_name = 'run'
                   AND p.parameter_value = listed.run::text
                 CROSS JOIN LATERAL (
                   SELECT sum(read_count) AS read, sum(filter_count) AS filtered,
                          sum(write_count) AS written, sum(commit_count) AS commits,
                          sum(rollback_count) AS rollbacks, max(last_updated) AS last_updated
                     FROM undercurrent.batch_step_execution s
                    WHERE s.job_execution_id = e.job_execution_id
                 ) step
              ),
              summed AS (
                SELECT update_name, run, count(*) AS executions, min(started_at) AS started_at,
                       sum(read) AS read, sum(filtered) AS filtered, sum(written) AS written,
                       sum(commits) AS commits, sum(rollbacks) AS rollbacks,
                       extract(epoch FROM sum(lasted)) * 1000 AS working_ms,
                       (array_agg(status ORDER BY id DESC))[1] AS last_status,
                       (array_agg(exit_code ORDER BY id DESC))[1] AS exit_code,
                       (array_agg(split_part(exit_message, E'\\n', 1) ORDER BY id DESC)
                         FILTER (WHERE status IN ('FAILED', 'ABANDONED', 'UNKNOWN')
                                   AND exit_message <> ''))[1] AS failure
                  FROM execution
                 GROUP BY update_name, run
              )
              SELECT update_name, job_name, run, queued_at, started_at, ended_at,
                     coalesce(outcome, last_status, 'QUEUED') AS status,
                     executions, read, filtered, written, commits, rollbacks, working_ms,
                     exit_code, coalesce(failure, last_error) AS last_error
                FROM listed
                LEFT JOIN summed USING (update_name, run)
               ORDER BY queued_at DESC, run DESC, update_name""")
          .param("update", update)
          .param("limit", limit)
          .query(History::run)
          .list();
    } catch (BadSqlGrammarException e) {
      if (neverWorkedHere(e)) {
        return List.of();
      }
      throw e;
    }
  }

  private static boolean neverWorkedHere(BadSqlGrammarException e) {
    return e.getRootCause() instanceof SQLException cause
        && UNDEFINED_TABLE.equals(cause.getSQLState());
  }

  private static Run run(ResultSet row, int rowNumber) throws SQLException {
    return new Run(
        row.getString("update_name"),
        row.getString("job_name"),
        row.getLong("run"),
        row.getObject("queued_at", OffsetDateTime.class).toInstant(),
        instant(row, "started_at"),
        instant(row, "ended_at"),
        row.getString("status"),
        row.getInt("executions"),
        row.getLong("read"),
        row.getLong("filtered"),
        row.getLong("written"),
        row.getLong("commits"),
        row.getLong("rollbacks"),
        Duration.ofMillis(row.getLong("working_ms")),
        row.getString("exit_code"),
        row.getString("last_error"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
