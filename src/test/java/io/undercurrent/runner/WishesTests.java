package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.await;
import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

@PostgresTest
class WishesTests {

  /** Iterations begin when a test lets them. */
  private final Semaphore permits = new Semaphore(0);

  private final ScriptedController script = new ScriptedController().waitingFor(permits);

  @Test
  void pausesAnUpdateAtABoundaryAndGoesOnWhereItWas(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    try (var engine = engine(database)) {
      engine.queue("numbers").run();
      permits.release();
      await().until(() -> commits(database) == 1);

      new Pauses(database).add("numbers", "lunch", "anna", null);
      await().until(() -> statuses(database).contains("STOPPED"));
      permits.release(1_000);
      new Pauses(database).remove("numbers");
      engine.awaitEmptyQueue();
    }

    assertThat(statuses(database)).containsExactly("STOPPED", "COMPLETED");
    assertThat(values(database)).containsExactly("1 in 1000 rows");
  }

  @Test
  void stopsEverythingWhenDisabled(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    try (var engine = engine(database)) {
      engine.queue("numbers").run();
      await().until(() -> script.events.contains("enter"));

      database.jdbc().sql("UPDATE undercurrent.lease SET enabled = false").update();
      await().until(() -> statuses(database).contains("STOPPED"));

      assertThat(engine.queue.list()).extracting(QueuedUpdate::name).containsExactly("numbers");
    }
  }

  @Test
  void cancelsAnUpdateWithWhatDependsOnIt(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    try (var engine = engine(database)) {
      engine.queue("numbers").run();
      permits.release();
      await().until(() -> commits(database) == 1);

      assertThat(new UpdateQueue(database).cancel("numbers")).containsExactly("numbers");
      await().until(() -> statuses(database).contains("STOPPED"));
    }

    assertThat(strings(database, "SELECT outcome FROM undercurrent.runs"))
        .containsExactly("CANCELLED");
    assertThat(values(database)).containsExactlyInAnyOrder("0 in 900 rows", "1 in 100 rows");
  }

  @Test
  void stopsAnUpdateWhoseRowSomebodyDeletes(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    try (var engine = engine(database)) {
      engine.queue("numbers").run();
      permits.release();
      await().until(() -> commits(database) == 1);

      database.jdbc().sql("DELETE FROM undercurrent.background_updates").update();
      await().until(() -> strings(database, RUNS).contains("1 CANCELLED"));
    }

    assertThat(statuses(database)).containsExactly("STOPPED");
    assertThat(values(database)).containsExactlyInAnyOrder("0 in 900 rows", "1 in 100 rows");
  }

  private static final String RUNS =
      "SELECT run || ' ' || coalesce(outcome, 'open') FROM undercurrent.runs";

  private Engine engine(Database database) {
    return new Engine(database, script.controller(), job(counting("numbers", "numbers")));
  }

  private static long commits(Database database) {
    return database
        .jdbc()
        .sql("SELECT coalesce(sum(commit_count), 0) FROM undercurrent.batch_step_execution")
        .query(Long.class)
        .single();
  }

  private static List<String> statuses(Database database) {
    return strings(
        database, "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id");
  }

  private static List<String> values(Database database) {
    return strings(database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n");
  }

  private static List<String> strings(Database database, String sql) {
    return database.jdbc().sql(sql).query(String.class).list();
  }
}
