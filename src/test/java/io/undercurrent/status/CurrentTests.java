package io.undercurrent.status;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.Pauses;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which update a status shows as the current one. */
@PostgresTest
class CurrentTests {

  private final ScriptedController script = new ScriptedController();

  @Test
  void isNoneAfterACompletedRunUntilTheNextBegins(Database database) throws Exception {
    try (var engine = numbers(database)) {
      engine.queue("numbers").work();
      assertThat(currentRow(database)).containsExactly((String) null);

      Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");
      engine.queue("numbers");

      assertThat(engine.status().current()).isNull();
    }
  }

  @Test
  void isTheOneOfWhichTheReasonIsSaid(Database database) throws Exception {
    createTable(database, "numbers", 300);
    var first = counting("zeta", "numbers");
    var next =
        new UpdateDefinition(
            "alpha", "zeta", 0, null, null, new RunStatements(List.of(new Sql("SELECT 1", 1))), 1);
    try (var engine = new Engine(database, script.controller(), job(first, next))) {
      script.atIteration(2, () -> new Pauses(database).add(null, "lunch", "ann", null));

      engine.queue("zeta").steps();

      assertThat(engine.status().current()).extracting(CurrentUpdate::name).isEqualTo("zeta");
      assertThat(engine.status().reason()).startsWith("zeta: all updates are paused by ann since ");
    }
  }

  @Test
  void isNoneAfterACancelledRun(Database database) throws Exception {
    try (var engine = numbers(database)) {
      afterOneIteration(engine, () -> engine.queue.cancel("numbers"));

      assertThat(currentRow(database)).containsExactly((String) null);
      Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");
      engine.queue("numbers");
      assertThat(engine.status().current()).isNull();
    }
  }

  @Test
  void staysWithAPausedUpdateWhenItsRunnerIsGone(Database database) throws Exception {
    try (var engine = numbers(database)) {
      afterOneIteration(engine, () -> new Pauses(database).add("numbers", null, "anna", null));
      assertThat(statuses(database)).containsExactly("STOPPED");
      assertThat(shown(engine)).containsExactly("numbers paused 100");
    }

    assertThat(shown(numbers(database))).containsExactly("numbers paused 100");
  }

  @Test
  void isNotWhatAKilledProcessHasNotBegun(Database database) {
    var engine = numbers(database).queue("numbers");
    Rows.run(database, "UPDATE undercurrent.lease SET current_update = 'numbers'");

    assertThat(engine.status().current()).isNull();
  }

  @Test
  void isTheOneThatARunnerIsAboutToBegin(Database database) {
    var engine = numbers(database).queue("numbers");
    Rows.run(
        database,
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', owner_id = 'stranger', acquired_at = clock_timestamp(),
               renewed_at = clock_timestamp(), expires_at = clock_timestamp() + interval '1 hour'""");

    assertThat(shown(engine)).containsExactly("numbers waiting 0");

    Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");
    assertThat(engine.status().current()).isNull();
  }

  @Test
  void isTheGivenUpOneWhenNothingElseIsLeft(Database database) throws Exception {
    createTable(database, "numbers", 10);
    var broken = update("broken", new RunStatements(List.of(new Sql("SELECT 1 / 0", 1))));
    try (var engine =
        new Engine(
            database, script.controller(), job(broken), job(counting("numbers", "numbers")))) {
      engine.queue("broken").steps().queue("numbers").steps();
      assertThat(engine.queue.find("numbers")).isEmpty();
      Rows.run(database, "UPDATE undercurrent.runs SET given_up_at = now(), retry_at = NULL");

      assertThat(shown(engine)).containsExactly("broken given-up 0");
    }
  }

  @Test
  void leavesNoGapBetweenTheUpdatesOfAJob(Database database, @TempDir Path jobs) throws Exception {
    Files.writeString(
        jobs.resolve("two.yaml"),
        "updates: [{name: one, run: SELECT 1}, {name: two, run: SELECT 2}]");
    var seen = new ArrayList<List<String>>();
    var asked = new ArrayList<Function<String, DatabaseStatus>>();
    var listener =
        new RunnerListener() {
          @Override
          public void launched(String name, String update) {
            seen.add(names(asked.get(0).apply(name)));
          }
        };
    try (var engine =
        new JobEngine(
            JobEngine.jobs(jobs),
            new RunnerContext(
                script.controller(),
                Beans.NONE,
                FailurePolicy.END_EXECUTION,
                listener,
                Clock.systemUTC(),
                TimeSource.SYSTEM),
            database.settings())) {
      var updates = engine.updates;
      asked.add(updates::glance);
      updates.start("master", "two");
      engine.run().awaitEmptyQueue();
    }

    assertThat(seen).containsExactly(List.of("one"), List.of("two"));
  }

  private static List<String> names(DatabaseStatus status) {
    return status.currentUpdates().stream().map(CurrentUpdate::name).toList();
  }

  private Engine numbers(Database database) {
    database
        .jdbc()
        .sql("CREATE TABLE IF NOT EXISTS numbers (id bigint PRIMARY KEY, n int)")
        .update();
    database
        .jdbc()
        .sql("INSERT INTO numbers SELECT generate_series(1, 300) ON CONFLICT DO NOTHING")
        .update();
    return new Engine(database, script.controller(), job(counting("numbers", "numbers")));
  }

  private void afterOneIteration(Engine engine, Runnable wish) {
    script.atIteration(
        2,
        () -> {
          assertThat(shown(engine)).containsExactly("numbers running 100");
          wish.run();
        });
    engine.queue("numbers").steps();
  }

  private static List<String> shown(Engine engine) {
    return engine.status().currentUpdates().stream()
        .map(each -> "%s %s %d".formatted(each.name(), each.state().json(), each.items()))
        .toList();
  }

  private static List<String> currentRow(Database database) {
    return Rows.of(database, "SELECT current_update FROM undercurrent.lease");
  }

  private static List<String> statuses(Database database) {
    return Rows.of(database, "SELECT DISTINCT status FROM undercurrent.batch_job_execution");
  }
}
