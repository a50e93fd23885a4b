package io.undercurrent.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class HistoryTests {

  @Test
  void sumsARunOverItsRestarts(Database database) {
    queue(database, "fill_titles", 7, "2026-11-21 09:00:00+01");
    new Execution(
            1,
            "fill_titles",
            7,
            "2026-11-21 08:00:10",
            "2026-11-21 08:00:40",
            "FAILED",
            "org.postgresql.util.PSQLException: deadlock detected\n\tat Somewhere.java")
        .insert(database);
    new Step(1, 300, 100, 200, 3, 1).insert(database);
    new Execution(
            2, "fill_titles", 7, "2026-11-21 08:01:00", "2026-11-21 08:01:30", "COMPLETED", "")
        .insert(database);
    new Step(2, 50, 0, 50, 2, 0).insert(database);
    end(database, "fill_titles", 7, "COMPLETED", "2026-11-21 09:01:31+01");

    assertThat(new History(database).runs(10))
        .containsExactly(
            new Run(
                "fill_titles",
                "titles",
                7,
                Instant.parse("2026-11-21T08:00:00Z"),
                Instant.parse("2026-11-21T08:00:10Z"),
                Instant.parse("2026-11-21T08:01:31Z"),
                RunStatus.COMPLETED,
                2,
                350,
                100,
                250,
                5,
                1,
                Duration.ofSeconds(60),
                "COMPLETED",
                "deadlock detected",
                null,
                null,
                0,
                null));
  }

  @Test
  void listsARunThatWasNeverStarted(Database database) {
    queue(database, "fill_titles", 1, "2026-11-21 08:00:00Z");

    assertThat(new History(database).runs(10))
        .singleElement()
        .returns(RunStatus.QUEUED, Run::status)
        .returns(null, Run::startedAt)
        .returns(0, Run::executions)
        .returns(0, Run::restarts)
        .returns(Duration.ZERO, Run::working)
        .returns(null, Run::exitCode);
  }

  @Test
  void countsADeadExecutionUpToItsLastCommitAndALiveOneUpToNow(Database database) {
    for (var update : List.of("fill_titles", "index_titles")) {
      queue(database, update, update.length(), "2026-11-21 08:00:00Z");
      new Execution(
              update.length(), update, update.length(), "2026-11-21 08:00:00", null, "STARTED", "")
          .insert(database);
      new Step(update.length(), 10, 0, 10, 1, 0).insert(database);
    }
    var history = new History(database);
    assertThat(history.runs(10)).extracting(Run::working).containsOnly(Duration.ofMillis(1500));

    Rows.run(
        database,
        """
        UPDATE undercurrent.batch_job_execution
           SET start_time = clock_timestamp() AT TIME ZONE 'UTC' - interval '1 hour'""",
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', current_update = 'index_titles',
               expires_at = clock_timestamp() + interval '15 s'""",
        """
        UPDATE undercurrent.batch_step_execution
           SET last_updated = clock_timestamp() AT TIME ZONE 'UTC' - interval '1 minute'""");

    assertThat(working(history, "fill_titles")).isBetween(minutes(59), minutes(60));
    assertThat(working(history, "index_titles")).isBetween(minutes(60), minutes(70));
    Rows.run(database, "UPDATE undercurrent.lease SET expires_at = clock_timestamp()");
    assertThat(working(history, "index_titles")).isLessThan(minutes(60));
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static Duration working(History history, String update) {
    return history.runsOf(update, 1).get(0).working();
  }

  @Test
  void tellsNoErrorOfAStoppedExecution(Database database) {
    queue(database, "fill_titles", 1, "2026-11-21 08:00:00Z");
    new Execution(
            1,
            "fill_titles",
            1,
            "2026-11-21 08:00:00",
            "2026-11-21 08:00:05",
            "STOPPED",
            "org.springframework.batch.core.job.JobInterruptedException")
        .insert(database);

    assertThat(new History(database).runs(10))
        .singleElement()
        .returns(RunStatus.STOPPED, Run::status)
        .returns(null, Run::lastError);
  }

  @Test
  void listsTheNewestFirstAndOnlyWhatIsAskedFor(Database database) {
    queue(database, "fill_titles", 1, "2026-11-21 08:00:00Z");
    end(database, "fill_titles", 1, "CANCELLED", "2026-11-21 08:00:01Z");
    queue(database, "index_titles", 1, "2026-11-21 08:00:02Z");
    queue(database, "fill_titles", 2, "2026-11-21 08:00:03Z");
    var history = new History(database);

    assertThat(history.runs(2))
        .extracting(run -> run.update() + " " + run.number())
        .containsExactly("fill_titles 2", "index_titles 1");
    assertThat(history.runsOf("fill_titles", 10))
        .extracting(run -> run.number() + " " + run.status())
        .containsExactly("2 QUEUED", "1 CANCELLED");
    assertThat(history.runsOf("unknown", 10)).isEmpty();
  }

  @Test
  void letsOnlyRunsThroughThatAreYoungEnoughOrFailed(Database database) {
    queue(database, "fill_titles", 1, "2026-11-21 08:00:00Z");
    queue(database, "fill_titles' OR 'x", 1, "2026-11-21 09:00:00Z");
    new Execution(1, "fill_titles", 1, "2026-11-21 08:00:00", "2026-11-21 08:00:05", "FAILED", "oh")
        .insert(database);
    new Execution(
            2, "fill_titles", 1, "2026-11-21 08:01:00", "2026-11-21 08:01:05", "COMPLETED", "")
        .insert(database);

    assertThat(names(database, new Filter(null, Instant.parse("2026-11-21T08:00:01Z"), false, 10)))
        .containsExactly("fill_titles' OR 'x");
    assertThat(names(database, new Filter(null, Instant.parse("2026-11-21T08:00:00Z"), false, 10)))
        .containsExactly("fill_titles' OR 'x", "fill_titles");
    assertThat(names(database, new Filter(null, null, true, 10))).containsExactly("fill_titles");
    assertThat(names(database, new Filter("fill_titles' OR 'x", null, false, 10)))
        .containsExactly("fill_titles' OR 'x");
  }

  @Test
  void printsTheQueryThatItRuns(Database database) throws SQLException {
    queue(database, "fill_titles", 1, "2026-11-21 08:00:00Z");
    queue(database, "it's", 1, "2026-11-21 09:00:00Z");
    var sql = History.sql(new Filter("it's", Instant.parse("2026-11-21T08:30:00Z"), false, 10));

    assertThat(sql).contains("undercurrent.batch_step_execution").doesNotContain("?");
    assertThat(printed(database, sql)).containsExactly("it's QUEUED");
    assertThat(printed(database, "SELECT * FROM undercurrent.update_history ORDER BY queued_at"))
        .containsExactly("fill_titles QUEUED", "it's QUEUED");
  }

  /** Runs text as it is, like psql. */
  private static List<String> printed(Database database, String sql) throws SQLException {
    try (var connection = database.connect("a psql session");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var printed = new ArrayList<String>();
      while (rows.next()) {
        printed.add(rows.getString("update_name") + " " + rows.getString("status"));
      }
      return printed;
    }
  }

  private static List<String> names(Database database, Filter filter) {
    return new History(database).runs(filter).stream().map(Run::update).toList();
  }

  @Test
  void keepsTheRunsOfOneUpdateApart(Database database) {
    queue(database, "fill_titles", 1, "2026-11-21 08:00:00Z");
    new Execution(
            1, "fill_titles", 1, "2026-11-21 08:00:00", "2026-11-21 08:00:05", "COMPLETED", "")
        .insert(database);
    new Step(1, 10, 0, 10, 1, 0).insert(database);
    end(database, "fill_titles", 1, "COMPLETED", "2026-11-21 08:00:05Z");
    queue(database, "fill_titles", 2, "2026-11-21 08:01:00Z");

    assertThat(new History(database).runs(10)).extracting(Run::read).containsExactly(0L, 10L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE undercurrent.runs DROP COLUMN warning CASCADE",
        "DROP TABLE undercurrent.run_times CASCADE"
      })
  void saysThatAnOlderVersionHasMadeTheSchema(String older, Database database) {
    Rows.run(database, older);

    assertThatThrownBy(() -> new History(database).runs(10))
        .isInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'master' has the schema of an older Undercurrent. Bring it up to date with: run");
  }

  @Test
  void isEmptyWhereUndercurrentNeverWorked(TestDatabases databases) {
    assertThat(new History(databases.createEmpty()).runs(10)).isEmpty();
  }

  private static void queue(Database database, String update, long run, String at) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO undercurrent.runs (update_name, run, job_name, queued_at)
            VALUES (?, ?, 'titles', ?::timestamptz)""")
        .params(update, run, at)
        .update();
  }

  private static void end(Database database, String update, long run, String outcome, String at) {
    database
        .jdbc()
        .sql(
            """
            UPDATE undercurrent.runs
               SET outcome = ?, ended_at = ?::timestamptz
             WHERE update_name = ?
               AND run = ?""")
        .params(outcome, at, update, run)
        .update();
  }

  private record Execution(
      long id,
      String update,
      long run,
      String start,
      @Nullable String end,
      String status,
      String message) {

    void insert(Database database) {
      database
          .jdbc()
          .sql(
              """
              WITH instance AS (
                INSERT INTO undercurrent.batch_job_instance (job_instance_id, job_name, job_key)
                VALUES (:run, :update, :run::text)
                ON CONFLICT DO NOTHING
              ),
              execution AS (
                INSERT INTO undercurrent.batch_job_execution
                       (job_execution_id, job_instance_id, create_time, start_time, end_time,
                        status, exit_code, exit_message, last_updated)
                VALUES (:id, :run, :start::timestamp, :start::timestamp, :end::timestamp,
                        :status, :status, :message, :start::timestamp)
              )
              INSERT INTO undercurrent.batch_job_execution_params
              VALUES (:id, 'run', 'java.lang.Long', :run::text, 'Y')""")
          .paramSource(this)
          .update();
    }
  }

  private record Step(
      long execution, long read, long filtered, long written, long commits, long rollbacks) {

    void insert(Database database) {
      database
          .jdbc()
          .sql(
              """
              INSERT INTO undercurrent.batch_step_execution
                     (step_execution_id, version, step_name, job_execution_id, create_time,
                      read_count, filter_count, write_count, commit_count, rollback_count,
                      last_updated)
              SELECT job_execution_id, 0, 'step', job_execution_id, start_time,
                     :read, :filtered, :written, :commits, :rollbacks,
                     start_time + interval '1.5 seconds'
                FROM undercurrent.batch_job_execution
               WHERE job_execution_id = :execution""")
          .paramSource(this)
          .update();
    }
  }
}
