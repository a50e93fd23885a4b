package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.EngineProcess.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.CommitSwallowingProxy;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.EngineProcess;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@PostgresTest
class ExactlyOnceTests {

  private static final int ROWS = 200_000;
  private static final int FEWER_ROWS = 20_000;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static void queueAJobThatCountsEachRowUp(Database database, int rows) {
    createTable(database, TABLE, rows);
    new UpdateQueue(database).add(TABLE, List.of(new NewUpdate(TABLE, null, 0)));
  }

  /** Has every chunk take a while longer, whatever the machine, until somebody lets it go on. */
  private static void holdUp(Database database) {
    Rows.run(
        database,
        "CREATE TABLE held_up AS SELECT 0.02 AS seconds",
        """
        CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_sleep(seconds) FROM held_up;
          RETURN NULL;
        END$$""",
        """
        CREATE TRIGGER hold_up AFTER UPDATE ON numbers
        FOR EACH STATEMENT EXECUTE FUNCTION hold_up()""");
  }

  private static void letGoOn(Database database) {
    Rows.run(database, "DELETE FROM held_up");
  }

  @Test
  void survivesFiveKills(Database database) throws Exception {
    survivesKills(database, ROWS, 5);
  }

  @Test
  @Tag("faults")
  void survivesAHundredKills(Database database) throws Exception {
    survivesKills(database, 5 * ROWS, 100);
  }

  private void survivesKills(Database database, int rows, int kills) throws Exception {
    queueAJobThatCountsEachRowUp(database, rows);
    var seed = System.nanoTime();
    System.out.println("seed of the kills: " + seed);
    var random = new Random(seed);
    var killed = 0;
    while (killed < kills && !isDone(database)) {
      var committed = commits(database);
      try (var process = EngineProcess.start(database)) {
        awaitACommit(database, committed);
        process.runFor(Duration.ofMillis(random.nextInt(1 + 2_000 / kills)));
      }
      // Only those count that came before the end.
      killed += isDone(database) ? 0 : 1;
    }
    finish(database);

    assertEveryRowIsOne(database);
    assertThat(killed).isEqualTo(kills);
    assertThat(executions(database)).hasSize(kills + 1).endsWith("COMPLETED");
  }

  @Test
  void survivesTheEndOfAllSessions(Database database) throws Exception {
    survivesTheEndOfAllSessions(database, FEWER_ROWS);
  }

  @Test
  @Tag("faults")
  void survivesTheEndOfAllSessionsWithAllRows(Database database) throws Exception {
    survivesTheEndOfAllSessions(database, ROWS);
  }

  private void survivesTheEndOfAllSessions(Database database, int rows) throws Exception {
    queueAJobThatCountsEachRowUp(database, rows);
    try (var process = EngineProcess.start(database)) {
      for (int i = 0; i < 3; i++) {
        var committed = commits(database);
        awaitACommit(database, committed);
        database
            .jdbc()
            .sql(
                """
                SELECT pg_terminate_backend(pid)
                  FROM pg_stat_activity
                 WHERE datname = current_database()
                   AND pid <> pg_backend_pid()""")
            .query(Boolean.class)
            .list();
      }

      assertThat(process.awaitExit(LIMIT)).isZero();
    }

    assertEveryRowIsOne(database);
    assertThat(executions(database)).hasSizeGreaterThan(1).endsWith("COMPLETED");
  }

  @Test
  void survivesACommitWhoseAcknowledgementIsLost(Database database) throws Exception {
    survivesACommitWhoseAcknowledgementIsLost(database, FEWER_ROWS);
  }

  @Test
  @Tag("faults")
  void survivesACommitWhoseAcknowledgementIsLostWithAllRows(Database database) throws Exception {
    survivesACommitWhoseAcknowledgementIsLost(database, ROWS);
  }

  private void survivesACommitWhoseAcknowledgementIsLost(Database database, int rows)
      throws Exception {
    queueAJobThatCountsEachRowUp(database, rows);
    var settings = database.settings();
    try (var proxy = new CommitSwallowingProxy(settings.url(), 25);
        var behindProxy =
            new Database(new DatabaseSettings("master", proxy.url(), settings.username(), null));
        var engine =
            new Engine(
                behindProxy, new ScriptedController().controller(), job(counting(TABLE, TABLE)))) {
      engine.run().awaitEmptyQueue(LIMIT);
      assertThat(proxy.swallowed()).isPositive();
    }

    assertEveryRowIsOne(database);
  }

  @Test
  void letsOneOfTwoProcessesRun(Database database) throws Exception {
    letsOneOfTwoProcessesRun(database, FEWER_ROWS);
  }

  @Test
  @Tag("faults")
  void letsOneOfTwoProcessesRunWithAllRows(Database database) throws Exception {
    letsOneOfTwoProcessesRun(database, ROWS);
  }

  private void letsOneOfTwoProcessesRun(Database database, int rows) throws Exception {
    queueAJobThatCountsEachRowUp(database, rows);
    try (var one = EngineProcess.start(database);
        var other = EngineProcess.start(database)) {
      assertThat(one.awaitExit(LIMIT)).isZero();
      assertThat(other.awaitExit(LIMIT)).isZero();
    }

    assertEveryRowIsOne(database);
    assertThat(executions(database)).containsExactly("COMPLETED");
  }

  @Test
  @Tag("faults")
  void replacesAFrozenRunnerWithin20Seconds(Database database) throws Exception {
    queueAJobThatCountsEachRowUp(database, ROWS);
    holdUp(database);
    try (var frozen = EngineProcess.start(database)) {
      awaitACommit(database, 0);
      try (var standby = EngineProcess.start(database)) {
        frozen.signal("STOP");
        var start = System.nanoTime();
        var epoch = epoch(database);
        await().atMost(Duration.ofSeconds(20)).until(() -> epoch(database) > epoch);
        Thread.sleep(Math.max(0, 25_000 - Duration.ofNanos(System.nanoTime() - start).toMillis()));
        assertThat(isDone(database)).as("it wakes up while the other one is at work").isFalse();
        frozen.signal("CONT");
        letGoOn(database);
        assertThat(standby.awaitExit(LIMIT)).isZero();
        assertThat(frozen.awaitExit(LIMIT)).isZero();
      }
    }

    assertEveryRowIsOne(database);
    assertThat(executions(database)).containsExactly("FAILED", "COMPLETED");
  }

  private static void finish(Database database) throws Exception {
    try (var engine =
        new Engine(database, new ScriptedController().controller(), job(counting(TABLE, TABLE)))) {
      engine.run().awaitEmptyQueue(LIMIT);
    }
  }

  private static void assertEveryRowIsOne(Database database) {
    var rows = number(database, "SELECT count(*) FROM numbers");
    var counts =
        database
            .jdbc()
            .sql("SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n")
            .query(String.class)
            .list();
    assertThat(counts).containsExactly("1 in " + rows + " rows");
  }

  private static long commits(Database database) {
    return number(
        database, "SELECT coalesce(sum(commit_count), 0) FROM undercurrent.batch_step_execution");
  }

  private static void awaitACommit(Database database, long committed) {
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> commits(database) > committed || isDone(database));
  }

  private static boolean isDone(Database database) {
    return number(database, "SELECT count(*) FROM undercurrent.background_updates") == 0;
  }

  private static long epoch(Database database) {
    return number(database, "SELECT epoch FROM undercurrent.lease");
  }

  private static long number(Database database, String sql) {
    return database.jdbc().sql(sql).query(Long.class).single();
  }

  private static List<String> executions(Database database) {
    return database
        .jdbc()
        .sql("SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id")
        .query(String.class)
        .list();
  }
}
