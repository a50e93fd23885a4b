package io.undercurrent.history;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The runs of one database's updates, past and present, from Spring Batch's tables. */
public final class History {

  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_COLUMN = "42703";

  /** A table that older versions have not. */
  private static final String NEWEST = "run_times";

  private static final String WITH_TIMES =
      """
      SELECT runs.*,
             (SELECT jsonb_object_agg(activity, ms)
                FROM undercurrent.run_times
               WHERE run_times.update_name = runs.update_name
                 AND run_times.run = runs.run) AS times
        FROM (
      %s
      ) AS runs
       ORDER BY queued_at DESC, run DESC, update_name""";

  private final String databaseName;
  private final JdbcClient jdbc;

  public History(Database database) {
    this(database.name(), database.jdbc());
  }

  /** The same read on a session of the caller's. */
  public History(String databaseName, JdbcClient jdbc) {
    this.databaseName = databaseName;
    this.jdbc = jdbc;
  }

  /**
   * Runs of all updates, the one queued last first; none where Undercurrent never worked.
   *
   * @param limit how many at most
   */
  public List<Run> runs(int limit) {
    return runs(new Filter(null, null, false, limit));
  }

  /**
   * Runs of one update, the one queued last first.
   *
   * @param limit how many at most
   */
  public List<Run> runsOf(String update, int limit) {
    return runs(new Filter(update, null, false, limit));
  }

  /**
   * What operators changed, as far as a filter lets them through, the newest first; nothing where
   * Undercurrent never worked.
   */
  public List<Action> actions(Filter filter) {
    try {
      return jdbc.sql(
              """
              SELECT at, operator, came_by, address, action, subject, before, after, reason
                FROM undercurrent.actions
               WHERE (subject = :subject OR CAST(:subject AS text) IS NULL)
                 AND at >= coalesce(CAST(:since AS timestamptz), '-infinity')
               ORDER BY id DESC
               LIMIT :limit""")
          .param("subject", filter.update())
          .param("since", filter.since() == null ? null : filter.since().toString())
          .param("limit", filter.limit())
          .query(History::action)
          .list();
    } catch (BadSqlGrammarException e) {
      if (neverWorkedHere(e)) {
        return List.of();
      }
      throw e;
    }
  }

  /** How many changes a filter lets through, whatever its limit. */
  public long countActions(Filter filter) {
    return jdbc.sql(
            """
            SELECT count(*)
              FROM undercurrent.actions
             WHERE (subject = :subject OR CAST(:subject AS text) IS NULL)
               AND at >= coalesce(CAST(:since AS timestamptz), '-infinity')""")
        .param("subject", filter.update())
        .param("since", filter.since() == null ? null : filter.since().toString())
        .query(Long.class)
        .single();
  }

  static Action action(ResultSet row, int rowNumber) throws SQLException {
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

  /** One run of an update; empty if there is no such run. */
  public Optional<Run> run(String update, long number) {
    return runsOf(update, Integer.MAX_VALUE).stream()
        .filter(run -> run.number() == number)
        .findFirst();
  }

  /** The run that was completed or cancelled last; empty if none ever was. */
  public Optional<Run> lastEnded() {
    try {
      return jdbc.sql(
              """
              SELECT update_name, run
                FROM undercurrent.runs
               WHERE ended_at IS NOT NULL
               ORDER BY ended_at DESC, update_name
               LIMIT 1""")
          .query((row, number) -> run(row.getString("update_name"), row.getLong("run")))
          .optional()
          .flatMap(run -> run);
    } catch (BadSqlGrammarException e) {
      if (neverWorkedHere(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Runs that a filter lets through. */
  public List<Run> runs(Filter filter) {
    try {
      return jdbc.sql(WITH_TIMES.formatted(sql(filter))).query(History::run).list();
    } catch (BadSqlGrammarException e) {
      if (is(e, UNDEFINED_COLUMN) || is(e, UNDEFINED_TABLE) && names(e, NEWEST)) {
        throw outdated(e);
      }
      if (neverWorkedHere(e)) {
        return List.of();
      }
      throw e;
    }
  }

  /** How many runs a filter lets through, whatever its limit. */
  public long count(Filter filter) {
    return jdbc.sql("SELECT count(*) FROM (\n%s\n) AS runs".formatted(sql(filter.unlimited())))
        .query(Long.class)
        .single();
  }

  private RefusedException outdated(RuntimeException cause) {
    return new RefusedException(
        "Database '%s' has the schema of an older Undercurrent. Bring it up to date with: run"
            .formatted(databaseName),
        cause);
  }

  /** The query that {@link #runs(Filter)} runs, over the batch tables, to be adapted in psql. */
  public static String sql(Filter filter) {
    return HistoryQuery.of(filter);
  }

  static boolean neverWorkedHere(BadSqlGrammarException e) {
    return is(e, UNDEFINED_TABLE);
  }

  private static boolean names(BadSqlGrammarException e, String table) {
    return e.getRootCause() != null
        && String.valueOf(e.getRootCause().getMessage()).contains(table);
  }

  private static boolean is(BadSqlGrammarException e, String sqlState) {
    return e.getRootCause() instanceof SQLException cause && sqlState.equals(cause.getSQLState());
  }

  private static Run run(ResultSet row, int rowNumber) throws SQLException {
    return new Run(
        row.getString("update_name"),
        row.getString("job_name"),
        row.getLong("run"),
        row.getObject("queued_at", OffsetDateTime.class).toInstant(),
        instant(row, "started_at"),
        instant(row, "ended_at"),
        RunStatus.valueOf(row.getString("status")),
        row.getInt("executions"),
        row.getLong("read_count"),
        row.getLong("filter_count"),
        row.getLong("write_count"),
        row.getLong("commit_count"),
        row.getLong("rollback_count"),
        // As an object the driver would look its type up.
        duration(new PGInterval(row.getString("worked"))),
        row.getString("exit_code"),
        row.getString("last_error"),
        row.getObject("changed_count", Long.class),
        row.getString("warning"),
        row.getLong("quarantine_count"),
        RunTimes.of(row.getString("times")));
  }

  private static Duration duration(PGInterval interval) {
    return Duration.ofDays(interval.getDays())
        .plusHours(interval.getHours())
        .plusMinutes(interval.getMinutes())
        .plusSeconds(interval.getWholeSeconds())
        .plusNanos(1_000L * interval.getMicroSeconds());
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
