package io.undercurrent.iteration;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

@PostgresTest
class IterationTests {

  private final ScriptedController script = new ScriptedController();

  @Test
  void surroundsEachIterationWithTheController(Database database) throws Exception {
    createTable(database, "numbers", 150);

    run(database, counting("numbers", "numbers"));

    assertThat(script.events)
        .containsExactly(
            "on_update numbers master false",
            "enter",
            "exit",
            "on_update numbers master false",
            "enter",
            "exit");
  }

  @Test
  void tellsTheControllerThatAnUpdateIsOneShot(Database database) throws Exception {
    run(database, update("once", new RunStatements(sql("CREATE TABLE made (id int)"))));

    assertThat(script.events).containsExactly("on_update once master true", "enter", "exit");
    assertThat(strings(database, "SELECT count(*)::text FROM made")).containsExactly("0");
  }

  @Test
  void tellsTheControllerWhyAnIterationFailed(Database database) throws Exception {
    createTable(database, "numbers", 150);
    var failing =
        update(
            "failing",
            new ReadWrite(
                new Read.Table("numbers", List.of("id"), null),
                null,
                statements(
                    "UPDATE numbers SET n = 1 / (n - n) FROM chunk WHERE numbers.id = chunk.id")));

    try (var engine = new Engine(database, script.controller(), job(failing))) {
      engine.queue("failing").steps();
    }

    assertThat(script.events.get(2))
        .isEqualTo("exit division by zero (SQLSTATE 22012), in the chunk up to [100]");
    assertThat(strings(database, "SELECT max(n)::text FROM numbers")).containsExactly("0");
    assertThat(strings(database, "SELECT last_error_sqlstate FROM undercurrent.runs"))
        .containsExactly("22012");
  }

  @Test
  void beginsWithTheDefaultBatchSizeAndFollowsTheRateAfterwards(Database database)
      throws Exception {
    createTable(database, "numbers", 5_000);
    script.target(Duration.ofHours(1)).batchSizes(7, 3);

    run(database, counting("numbers", "numbers"));

    // A target of an hour affords all the rest, but each chunk has four times the one before at
    // most:
    // 7, 28, 112, 448, 1792 and the rest.
    assertThat(commits(database)).isEqualTo(6);
  }

  @Test
  void neverFallsBelowTheMinimum(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    script.target(Duration.ofNanos(1)).batchSizes(100, 300);

    run(database, counting("numbers", "numbers"));

    // 100, then 300 each: an unaffordable target does not get less.
    assertThat(commits(database)).isEqualTo(4);
  }

  @Test
  void holdsNoTransactionWhileTheControllerSleeps(Database database) throws Exception {
    createTable(database, "numbers", 300);
    var sessions = new CopyOnWriteArrayList<String>();
    script.onEnter(
        () -> {
          sessions.addAll(
              strings(
                  database,
                  """
                  SELECT concat_ws(' ', state, 'since ' || xact_start, 'xmin ' || backend_xmin)
                    FROM pg_stat_activity
                   WHERE datname = current_database()
                     AND pid <> pg_backend_pid()
                     AND application_name LIKE 'undercurrent runner%'"""));
          return null;
        });

    run(database, counting("numbers", "numbers"));

    assertThat(script.events).hasSizeGreaterThan(5);
    assertThat(sessions).isNotEmpty().containsOnly("idle");
  }

  @Test
  void wakesASleepingControllerToStop(Database database) throws Exception {
    createTable(database, "numbers", 300);
    try (var engine =
        new Engine(database, script.controller(), job(counting("numbers", "numbers")))) {
      script.atIteration(
          1,
          () -> {
            engine.stop();
            ScriptedController.sleep();
          });
      engine.queue("numbers").step();
    }

    assertThat(script.events).containsExactly("on_update numbers master false", "enter");
    assertThat(
            strings(
                database,
                "SELECT status || ' ' || exit_message FROM undercurrent.batch_step_execution"))
        .containsExactly(
            "STOPPED org.springframework.batch.core.job.JobInterruptedException; the process shuts down");
  }

  @Test
  void writesTimesInUtc(Database database) throws Exception {
    createTable(database, "numbers", 10);

    run(database, counting("numbers", "numbers"));

    assertThat(
            strings(
                database,
                """
                SELECT CAST(abs(extract(epoch FROM start_time - now() AT TIME ZONE 'UTC')) < 60
                            AND abs(extract(epoch FROM end_time - now() AT TIME ZONE 'UTC')) < 60
                       AS text)
                  FROM undercurrent.batch_job_execution"""))
        .containsExactly("true");
  }

  private void run(Database database, UpdateDefinition update) throws Exception {
    try (var engine = new Engine(database, script.controller(), job(update))) {
      engine.queue(update.name()).work();
    }
  }

  private static List<Sql> sql(String text) {
    return List.of(new Sql(text, 1));
  }

  private static long commits(Database database) {
    return database
        .jdbc()
        .sql("SELECT commit_count FROM undercurrent.batch_step_execution")
        .query(Long.class)
        .single();
  }

  private static List<String> strings(Database database, String sql) {
    return database.jdbc().sql(sql).query(String.class).list();
  }
}
