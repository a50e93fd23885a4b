package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.process.EngineProcess.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.database.Database;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.process.EngineProcess;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@PostgresTest
class ExactlyOnceTests {

  private static final int ROWS = 200_000;
  private static final int KILLS = 5;
  private static final int FEWER_ROWS = 20_000;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static void queueAJobThatCountsEachRowUp(Database database, int rows) {
    createTable(database, TABLE, rows);
    new UpdateQueue(database).add(TABLE, List.of(new NewUpdate(TABLE, null, 0)));
  }

  @Test
  void survivesFiveKills(Database database) throws Exception {
    queueAJobThatCountsEachRowUp(database, ROWS);
    var seed = System.nanoTime();
    System.out.println("seed of the kills: " + seed);
    var random = new Random(seed);
    var killed = 0;
    while (killed < KILLS && !isDone(database)) {
      var committed = commits(database);
      try (var process = EngineProcess.start(database)) {
        awaitACommit(database, committed);
        process.runFor(Duration.ofMillis(random.nextInt(1 + 2_000 / KILLS)));
      }
      // Only those count that came before the end.
      killed += isDone(database) ? 0 : 1;
    }
    finish(database);

    assertEveryRowIsOne(database);
    assertThat(killed).isEqualTo(KILLS);
    assertThat(executions(database)).hasSize(KILLS + 1).endsWith("COMPLETED");
    assertThatAllTimeIsCounted(database);
  }

  @Test
  void letsOneOfTwoProcessesRun(Database database) throws Exception {
    queueAJobThatCountsEachRowUp(database, FEWER_ROWS);
    try (var one = EngineProcess.start(database);
        var other = EngineProcess.start(database)) {
      assertThat(one.awaitExit(LIMIT)).isZero();
      assertThat(other.awaitExit(LIMIT)).isZero();
    }

    assertEveryRowIsOne(database);
    assertThat(executions(database)).containsExactly("COMPLETED");
  }

  private static void assertThatAllTimeIsCounted(Database database) {
    assertThat(
            Rows.of(
                database,
                """
                SELECT concat_ws(' ', CASE WHEN abs(counted_ms - wall_ms) < wall_ms / 100 THEN 't' ELSE counted_ms || ' of ' || wall_ms || ' ' || by_activity END,
                                 working_ms > 0, no_runner_ms > 0,
                                 (SELECT sum(ms) = counted_ms FROM undercurrent.samples),
                                 (SELECT sum(items) = %d FROM undercurrent.samples))
                  FROM undercurrent.run_time_summary"""
                    .formatted(ROWS)))
        .containsExactly("t t t t t");
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
