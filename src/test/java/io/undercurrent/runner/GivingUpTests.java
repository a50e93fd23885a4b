package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemWriter;

@PostgresTest
class GivingUpTests {

  private final ScriptedController script = new ScriptedController();

  @Test
  void givesAnUpdateUpAfterFiveFailuresAndTriesAgainWhenAsked(Database database) throws Exception {
    createTable(database, "numbers", 10);
    Rows.run(
        database,
        """
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE 'nobody knows why' USING ERRCODE = 'XX000';
        END$$""",
        "CREATE TRIGGER fails BEFORE UPDATE ON numbers FOR EACH ROW EXECUTE FUNCTION fail()");
    try (var engine = engine(database, counting("numbers", "numbers"))) {
      engine.queue("numbers").steps();
      assertThat(queued(engine, "numbers").failuresInRow()).isEqualTo(5);
      assertThat(queued(engine, "numbers").givenUp()).isTrue();
      engine.pass(Duration.ofDays(1)).steps();
      assertThat(statuses(database)).containsExactly("FAILED");

      Rows.run(database, "DROP TRIGGER fails ON numbers");
      engine.queue.forgetFailures("numbers", 1);
      engine.steps();
    }

    assertThat(statuses(database)).containsExactly("FAILED", "COMPLETED");
    assertThat(values(database)).containsExactly("1 in 10 rows");
  }

  /** Among them are those that show when a step is opened, outside of all tries. */
  @Test
  void doesNotGiveUpWhatWaitsForALock(Database database) throws Exception {
    createTable(database, "numbers", 10);
    var counting = counting("numbers", "numbers");
    var impatient =
        new UpdateDefinition("numbers", null, 0, Duration.ofMillis(20), null, counting.work(), 1);
    try (var engine = engine(database, impatient)) {
      try (var blocker = database.connect("a report")) {
        blocker.setAutoCommit(false);
        blocker.createStatement().execute("LOCK TABLE numbers");
        engine.queue("numbers");
        for (int tries = 0; tries < 6; tries++) {
          engine.pass(Duration.ofMinutes(1)).steps();
        }

        assertThat(queued(engine, "numbers").givenUp()).isFalse();
        assertThat(queued(engine, "numbers").failuresInRow()).isZero();
        assertThat(backOff(database)).containsExactly("2");
      }
      engine.pass(Duration.ofSeconds(30)).steps();
    }

    assertThat(values(database)).containsExactly("1 in 10 rows");
  }

  @Test
  void goesOnWithWhatDoesNotDependOnAFailedUpdate(Database database) throws Exception {
    createTable(database, "numbers", 10);
    var failing = update("broken", new RunStatements(List.of(new Sql("SELECT 1 / 0", 1))));
    try (var engine = engine(database, failing, counting("numbers", "numbers"))) {
      engine.queue("broken").queue("numbers").steps();

      assertThat(engine.queue.find("numbers")).isEmpty();
      assertThat(queued(engine, "broken").lastError())
          .isEqualTo("division by zero (SQLSTATE 22012)");
    }
  }

  @Test
  void letsOthersGoFirstWhileAnUpdateWaits(Database database) throws Exception {
    createTable(database, "alpha", 10);
    createTable(database, "beta", 10);
    try (var engine = engine(database, counting("alpha", "alpha"), counting("beta", "beta"));
        var blocker = database.connect("a report")) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("UPDATE alpha SET n = 0 WHERE id = 5");
      engine.queue("alpha").queue("beta").step();

      assertThat(engine.queue.find("alpha").orElseThrow().retryAt()).isNotNull();
      assertThat(Rows.of(database, "SELECT exit_message FROM undercurrent.batch_step_execution"))
          .singleElement()
          .asString()
          .endsWith("lets 'beta' go first while it waits");
      engine.step();
      assertThat(engine.queue.find("beta")).isEmpty();

      blocker.rollback();
      engine.work();
    }

    assertThat(Rows.of(database, "SELECT sum(n) FROM alpha")).containsExactly("10");
    assertThat(Rows.of(database, "SELECT failures_in_row FROM undercurrent.runs"))
        .containsOnly("0");
  }

  private Engine engine(Database database, UpdateDefinition... updates) {
    var jobs = Arrays.stream(updates).map(update -> job(update)).toArray(JobFile[]::new);
    return new Engine(database, script.controller(), jobs);
  }

  private static QueuedUpdate queued(Engine engine, String update) {
    return engine.queue.find(update).orElseThrow();
  }

  private static List<@Nullable String> backOff(Database database) {
    return Rows.of(
        database,
        "SELECT round(extract(epoch FROM retry_at - last_error_at)) FROM undercurrent.runs");
  }

  private static List<@Nullable String> statuses(Database database) {
    return Rows.of(
        database, "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id");
  }

  private static List<@Nullable String> values(Database database) {
    return Rows.of(database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n");
  }

  @Test
  void keepsAnErrorThatTheDatabasesEncodingLacks(TestDatabases databases) throws Exception {
    var database = databases.createIn("LATIN1");
    createTable(database, "numbers", 10);
    var failing =
        update(
            "numbers",
            new ReadWrite(
                new Read.Table("numbers", List.of("id"), null), null, new Write.Bean("failing")));
    ItemWriter<Object> writer =
        chunk -> {
          throw new IllegalStateException("no – not this one");
        };
    var beans =
        new Beans() {
          @Override
          public <T> T get(String name, Class<T> type) {
            return type.cast(writer);
          }
        };
    try (var engine = new Engine(database, script.controller(), beans, job(failing))) {
      engine.queue("numbers").steps();
    }

    assertThat(Rows.of(database, "SELECT last_error FROM undercurrent.update_history"))
        .singleElement()
        .asString()
        .isEqualTo(
            "bean 'failing' failed: IllegalStateException: no ? not this one, at the key [1]");
  }
}
