package io.undercurrent.runner;

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
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class WishesTests {

  private final ScriptedController script = new ScriptedController();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 1_000);
  }

  @Test
  void pausesAnUpdateAtABoundaryAndGoesOnWhereItWas(Database database) throws Exception {
    var pauses = new Pauses(database);
    try (var engine = sleepingAfter(database, () -> pauses.add("numbers", "lunch", "anna", null))) {
      engine.queue("numbers").steps();
      assertThat(statuses(database)).containsExactly("STOPPED");
      assertThat(commits(database)).isEqualTo(1);

      pauses.remove("numbers");
      engine.steps();
    }

    assertThat(statuses(database)).containsExactly("STOPPED", "COMPLETED");
    assertThat(values(database)).containsExactly("1 in 1000 rows");
  }

  @Test
  void stopsEverythingWhenDisabled(Database database) throws Exception {
    try (var engine =
        sleepingAfter(
            database, () -> Rows.run(database, "UPDATE undercurrent.lease SET enabled = false"))) {
      engine.queue("numbers").steps();

      assertThat(statuses(database)).containsExactly("STOPPED");
      assertThat(engine.queue.list()).extracting(QueuedUpdate::name).containsExactly("numbers");
    }
  }

  @Test
  void cancelsAnUpdateWithWhatDependsOnIt(Database database) throws Exception {
    var cancelled = new ArrayList<String>();
    try (var engine =
        sleepingAfter(
            database, () -> cancelled.addAll(new UpdateQueue(database).cancel("numbers")))) {
      engine.queue("numbers").steps();
    }

    assertThat(cancelled).containsExactly("numbers");
    assertThat(statuses(database)).containsExactly("STOPPED");
    assertThat(strings(database, "SELECT outcome FROM undercurrent.runs"))
        .containsExactly("CANCELLED");
    assertThat(values(database)).containsExactlyInAnyOrder("0 in 900 rows", "1 in 100 rows");
  }

  @Test
  void stopsAnUpdateWhoseRowSomebodyDeletes(Database database) throws Exception {
    try (var engine =
        sleepingAfter(
            database, () -> Rows.run(database, "DELETE FROM undercurrent.background_updates"))) {
      engine.queue("numbers").steps();
    }

    assertThat(strings(database, RUNS)).containsExactly("1 CANCELLED");
    assertThat(statuses(database)).containsExactly("STOPPED");
    assertThat(values(database)).containsExactlyInAnyOrder("0 in 900 rows", "1 in 100 rows");
  }

  /** Before the second iteration comes a wish, and then a sleep that only the wish ends. */
  private Engine sleepingAfter(Database database, Runnable wish) {
    script.atIteration(
        2,
        () -> {
          wish.run();
          ScriptedController.sleep();
        });
    return new Engine(database, script.controller(), job(counting("numbers", "numbers")));
  }

  private static final String RUNS =
      "SELECT run || ' ' || coalesce(outcome, 'open') FROM undercurrent.runs";

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
