package io.undercurrent.rows;

import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.page.Reading;
import io.undercurrent.quarantine.QuarantineFilter;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.runner.QuarantineReplay;
import io.undercurrent.runner.QuarantineReplay.Outcome;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates whose keys and values come from a CSV file beside the job file. */
@PostgresTest
class CsvUpdateTests {

  @TempDir private Path directory;

  private final ScriptedController script = new ScriptedController();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 10);
  }

  @Test
  void writesWhatTheFileSays(Database database) throws Exception {
    csv("id,n\n3,30\n1,10\n7,\n");
    Rows.run(database, "ALTER TABLE numbers ALTER n DROP NOT NULL");

    new Engine(database, script.controller(), job()).queue("fixes").finish();

    assertThat(
            Rows.of(
                database,
                "SELECT id || ' ' || coalesce(n, -1) FROM numbers WHERE n IS DISTINCT FROM 0 ORDER BY id"))
        .containsExactly("1 10", "3 30", "7 -1");
    assertThat(
            Rows.of(
                database,
                "SELECT concat_ws(' ', read_count, filter_count, write_count, commit_count) FROM undercurrent.batch_step_execution"))
        .containsExactly("3 0 3 2");
  }

  @Test
  void countsItsLines(Database database) throws Exception {
    csv("id,n\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n");
    var job = job();
    try (var engine = new Engine(database, script.controller(), job)) {
      script.atIteration(2, engine::stop);
      engine.queue("fixes").step();

      var current = engine.status().current();
      assertThat(current).isNotNull();
      assertThat(current.progress()).isNotNull();
      assertThat(current.progress().basis()).isEqualTo("2 of 6 lines");
      assertThat(current.work().place()).isEqualTo("(3, 2)");
    }

    new Engine(database, new ScriptedController().controller(), job).finish();

    assertThat(Rows.of(database, "SELECT id FROM numbers WHERE n = id ORDER BY id")).hasSize(6);
  }

  @Test
  void doesNotGoOnWithAnotherFile(Database database) throws Exception {
    csv("id,n\n1,1\n2,2\n3,3\n4,4\n");
    var job = job();
    try (var engine = new Engine(database, script.controller(), job)) {
      script.atIteration(2, engine::stop);
      engine.queue("fixes").step();
    }
    csv("id,n\n1,1\n2,2\n5,5\n6,6\n");

    try (var engine = new Engine(database, new ScriptedController().controller(), job)) {
      engine.steps();

      var update = engine.queue.find("fixes").orElseThrow();
      assertThat(update.givenUp()).isTrue();
      assertThat(update.lastError())
          .contains("fixes.csv to stay as it was when this run began (21 bytes, SHA-256 ");
    }
    assertThat(Rows.of(database, "SELECT id FROM numbers WHERE n > 0 ORDER BY id"))
        .containsExactly("1", "2");
  }

  @Test
  void putsALineAsideAndTakesWhatItSaysLater(Database database) throws Exception {
    csv("id,n\n1,1\n2,two\n3,3\n");
    var job = job();
    new Engine(database, script.controller(), job).queue("fixes").finish();

    assertThat(
            Rows.of(database, "SELECT concat_ws(' ', key, message) FROM undercurrent.quarantine"))
        .singleElement()
        .asString()
        .startsWith("[\"3\", \"2\"] invalid input syntax for type integer: \"two\"")
        .endsWith("at the key [3, 2]");

    csv("id,n\n2,2\n");
    var context = new RunnerContext(script.controller(), Beans.NONE);
    try (var replay =
        new QuarantineReplay(database, context, Engine.defined(job).orElseThrow(), 1)) {
      var rows = new QuarantineTable(database.jdbc()).list(QuarantineFilter.of("fixes"), 10);
      assertThat(replay.row(rows.get(0))).isEqualTo(Outcome.DONE);
    }
    assertThat(Rows.of(database, "SELECT id FROM numbers WHERE n = id ORDER BY id"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void isCheckedBeforeItsStart(Database database) throws Exception {
    csv("id,n\n1,1\n1,2\n");
    var update = job().updates().get(0);

    assertThat(new UpdateCheck(Reading.jdbc(database), Map.of(), Beans.NONE).check(update))
        .extracting(Problem::message)
        .containsExactly(
            directory.resolve("fixes.csv")
                + ":3: expected each key once, found [1], which is [1] in line 2");
    Files.delete(directory.resolve("fixes.csv"));
    assertThat(new UpdateCheck(Reading.jdbc(database), Map.of(), Beans.NONE).check(update))
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("fixes.csv: expected a file that can be read here, found none");
  }

  private void csv(String text) throws IOException {
    Files.writeString(directory.resolve("fixes.csv"), text);
  }

  private JobFile job() throws IOException {
    Files.writeString(
        directory.resolve("fixes.yaml"),
        """
        updates:
          - name: fixes
            read: {csv: fixes.csv, key: id, columns: {id: bigint}}
            write: UPDATE numbers SET n = CAST(chunk.n AS int) FROM chunk WHERE numbers.id = chunk.id
            batch: {first: 2, min: 2, max: 2, target: 1m}
            on-error: {quarantine: {rows: 1}}
        """);
    return JobEngine.jobs(directory).get("fixes");
  }
}
