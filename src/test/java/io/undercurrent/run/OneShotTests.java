package io.undercurrent.run;

import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class OneShotTests {

  private final ScriptedController script = new ScriptedController();

  @BeforeEach
  void createTable(Database database) {
    Rows.run(database, "CREATE TABLE done (what text)");
  }

  @Test
  void runsAllItsStatementsOnce(Database database) throws Exception {
    run(database, "INSERT INTO done VALUES ('one')", "INSERT INTO done VALUES ('two'); -- done");

    assertThat(done(database)).containsExactly("one", "two");
    assertThat(steps(database)).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void isRolledBackWholeWhenAStatementFails(Database database) throws Exception {
    try (var engine = engine(database, "INSERT INTO done VALUES ('one')", "SELECT 1 / 0")) {
      engine.queue("once").steps();
    }

    assertThat(steps(database)).containsExactly("FAILED 0 commits 1 rollbacks");
    assertThat(done(database)).isEmpty();
    assertThat(script.events)
        .startsWith(
            "on_update once master true", "enter", "exit division by zero (SQLSTATE 22012)");
  }

  @Test
  void isNotRunAgainWhenItsProcessDiedBehindTheCommit(Database database) throws Exception {
    run(database, "INSERT INTO done VALUES ('one')");
    beKilledBehindTheCommit(database);

    engine(database, "INSERT INTO done VALUES ('one')").finish();

    assertThat(done(database)).containsExactly("one");
    assertThat(steps(database))
        .containsExactly("FAILED 1 commits 0 rollbacks", "COMPLETED 0 commits 0 rollbacks");
    assertThat(script.events).containsOnlyOnce("enter");
  }

  @Test
  void isRunAgainWhenItIsQueuedAgain(Database database) throws Exception {
    run(database, "INSERT INTO done VALUES ('one')");
    run(database, "INSERT INTO done VALUES ('one')");

    assertThat(done(database)).containsExactly("one", "one");
    assertThat(Rows.of(database, "SELECT run FROM undercurrent.runs ORDER BY run"))
        .containsExactly("1", "2");
  }

  @Test
  void bindsValues(Database database) throws Exception {
    var update =
        update(
            null,
            null,
            "INSERT INTO done SELECT :server || user_id FROM unnest(:users) AS user_id");
    var job =
        new JobFile(
            "once",
            null,
            "jobs/test.yaml",
            List.of(update),
            Map.of("server", "example.org ", "users", List.of("@a", "@\"b,")),
            Changelog.ENGINE);

    new Engine(database, script.controller(), job).queue("once").finish();

    assertThat(done(database)).containsExactly("example.org @a", "example.org @\"b,");
  }

  @Test
  void mayTakeMinutesButNotWaitForLocks(Database database) throws Exception {
    run(database, RECORD_TIMEOUTS);

    assertThat(done(database))
        .containsExactly(
            "lock_timeout 500ms",
            "statement_timeout 5min",
            "idle_in_transaction_session_timeout 10s");
  }

  @Test
  void asksForStrongLocksOnlyForAMoment(Database database) throws Exception {
    run(database, RECORD_TIMEOUTS, "ALTER TABLE done ADD COLUMN at timestamptz");

    assertThat(done(database)).contains("lock_timeout 200ms", "statement_timeout 5min");
  }

  @Test
  void doesNotHoldUpTheApplicationWhileItWaitsForAStrongLock(Database database) throws Exception {
    try (var application = OtherSession.begin(database);
        var engine = engine(database, "ALTER TABLE done ADD COLUMN at timestamptz")) {
      application.run("INSERT INTO done VALUES ('before')");
      engine.queue("once").run();
      Rows.await(
          database,
          "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER%'");

      var writing =
          CompletableFuture.runAsync(
              () -> Rows.run(database, "INSERT INTO done (what) VALUES ('meanwhile')"));
      Engine.await().until(writing::isDone);
      writing.join();
      application.run("COMMIT");

      engine.awaitEmptyQueue();
    }
    assertThat(Rows.of(database, "SELECT what FROM done WHERE at IS NULL"))
        .containsExactlyInAnyOrder("before", "meanwhile");
  }

  @Test
  void isGivenUpAtOnceWhenItTakesTooLong(Database database) throws Exception {
    var update = update(null, Duration.ofMillis(50), "SELECT 1", "SELECT pg_sleep(60)");

    try (var engine = new Engine(database, script.controller(), job(update))) {
      engine.queue("once").steps();

      assertThat(engine.queue.find("once").orElseThrow())
          .returns(true, QueuedUpdate::givenUp)
          .extracting(QueuedUpdate::lastError)
          .isEqualTo(
              "Its 'statement-timeout', 50 ms, ended statement 2 of 2, and all was rolled back. Give it longer, for example with 'statement-timeout: 500ms', or change the rows in chunks, with 'update:', 'delete:' or 'read:' and 'write:'; then: retry");
    }
    assertThat(steps(database)).containsExactly("FAILED 0 commits 1 rollbacks");
  }

  @Test
  void outlastsTheTimeoutOfItsSocket(Database database) throws Exception {
    var settings = database.settings();
    var url = settings.url() + "?socketTimeout=1";
    try (var impatient =
        new Database(new DatabaseSettings("master", url, settings.username(), null))) {
      run(impatient, "INSERT INTO done SELECT 'slept' FROM pg_sleep(1.2)");
    }

    assertThat(done(database)).containsExactly("slept");
    assertThat(steps(database)).containsExactly("COMPLETED 1 commits 0 rollbacks");
  }

  @Test
  void takesTheTimeoutsOfItsFile(Database database) throws Exception {
    var update = update(Duration.ofMillis(300), Duration.ofHours(2), RECORD_TIMEOUTS);

    new Engine(database, script.controller(), job(update)).queue("once").finish();

    assertThat(done(database))
        .containsExactly(
            "lock_timeout 300ms",
            "statement_timeout 2h",
            "idle_in_transaction_session_timeout 10s");
  }

  @Test
  void outlivesTheEndOfItsSession(Database database) throws Exception {
    Rows.run(database, "CREATE SEQUENCE attempts");
    var dieAtFirst =
        """
        SELECT CASE WHEN nextval('attempts') = 1 THEN pg_terminate_backend(pg_backend_pid()) END""";

    run(database, "INSERT INTO done VALUES ('one')", dieAtFirst);

    assertThat(done(database)).containsExactly("one");
    assertThat(steps(database)).containsExactly("COMPLETED 1 commits 1 rollbacks");
  }

  private static final String RECORD_TIMEOUTS =
      """
      INSERT INTO done
      SELECT name || ' ' || current_setting(name)
        FROM unnest(ARRAY['lock_timeout', 'statement_timeout',
                          'idle_in_transaction_session_timeout']) AS name""";

  private void run(Database database, String... statements) throws InterruptedException {
    engine(database, statements).queue("once").finish();
  }

  private Engine engine(Database database, String... statements) {
    return new Engine(database, script.controller(), job(update(null, null, statements)));
  }

  private static UpdateDefinition update(
      @Nullable Duration lock, @Nullable Duration statement, String... statements) {
    var sql = Arrays.stream(statements).map(text -> new Sql(text, 1)).toList();
    return new UpdateDefinition("once", null, 0, lock, statement, new RunStatements(sql), 1);
  }

  /** Leaves what a process leaves that is killed between its COMMIT and its next statement. */
  private static void beKilledBehindTheCommit(Database database) {
    Rows.run(
        database,
        "UPDATE undercurrent.batch_step_execution SET status = 'STARTED', end_time = NULL",
        "UPDATE undercurrent.batch_job_execution SET status = 'STARTED', end_time = NULL",
        "UPDATE undercurrent.runs SET ended_at = NULL, outcome = NULL",
        "INSERT INTO undercurrent.background_updates (update_name) VALUES ('once')");
  }

  private static List<@Nullable String> done(Database database) {
    return Rows.of(database, "SELECT what FROM done");
  }

  private static List<@Nullable String> steps(Database database) {
    return Rows.of(
        database,
        """
        SELECT format('%s %s commits %s rollbacks', status, commit_count, rollback_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }
}
