package io.undercurrent.iteration;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.IterationListener.Iteration;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator finds on Monday, whatever an update met with at the weekend. */
@PostgresTest
class ErrorPolicyTests {

  private static final String ALL_DONE = "COMPLETED in 1 executions";

  private final ScriptedController script = new ScriptedController();
  private final List<Iteration> committed = new CopyOnWriteArrayList<>();

  /** At a pace that was learnt where nothing had to be written. */
  @Test
  void crossesTheBorderToRowsThatHaveToBeWritten(Database database) throws Exception {
    createTable(database, "numbers", 12_000);
    slowDown(database, "UPDATE", 1);
    var read = new Read.Table("numbers", List.of("id"), new Sql("id > 10500 AND n = 0", 1));
    var write = statements("UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id");

    finish(database, update("numbers", new ReadWrite(read, null, write)));

    assertThat(outcome(database)).isEqualTo(ALL_DONE);
    assertThat(values(database)).containsExactly("0 in 10500 rows", "1 in 1500 rows");
    var first = committed.stream().filter(done -> done.counts().matching() > 0).findFirst();
    assertThat(first.orElseThrow().chunkSize()).isGreaterThan(1_000);
    assertThat(first.orElseThrow().counts().matching()).isLessThanOrEqualTo(100);
    assertThat(committed.stream().mapToLong(done -> done.counts().walked()).sum())
        .isEqualTo(12_000);
  }

  /** As a DELETE does whose cascade has no index. */
  @Test
  void halvesChunksThatTakeTooLong(Database database) throws Exception {
    createTable(database, "numbers", 60);
    slowDown(database, "DELETE", 20);
    var write = statements("DELETE FROM numbers USING chunk WHERE numbers.id = chunk.id");

    finish(database, update("numbers", new ReadWrite(numbers(), null, write)));

    assertThat(outcome(database)).isEqualTo(ALL_DONE);
    assertThat(Rows.of(database, "SELECT count(*) FROM numbers")).containsExactly("0");
    assertThat(committed).allMatch(done -> done.counts().items() <= 30);
    assertThat(rollbacks(database)).isBetween(1L, 6L);
  }

  @Test
  void remembersTheSizeAtARestart(Database database) throws Exception {
    createTable(database, "numbers", 150);
    slowDown(database, "UPDATE", 10);
    runUntilIteration(5, database);
    assertThat(rollbacks(database)).isPositive();
    Rows.run(database, "UPDATE undercurrent.lease SET enabled = true");

    // With the size that was asked for at first, its first try would take too long again.
    runUntilIteration(2, database);

    assertThat(
            Rows.of(
                database,
                """
                SELECT commit_count || ' commit ' || rollback_count || ' rollbacks'
                  FROM undercurrent.batch_step_execution
                 ORDER BY step_execution_id DESC
                 LIMIT 1"""))
        .containsExactly("1 commit 0 rollbacks");
  }

  private void runUntilIteration(int number, Database database) throws Exception {
    script.atIteration(
        number, () -> Rows.run(database, "UPDATE undercurrent.lease SET enabled = false"));
    try (var engine = engine(database, counting("numbers", "numbers"))) {
      if (engine.queue.list().isEmpty()) {
        engine.queue("numbers");
      }
      engine.steps();
    }
  }

  @Test
  void goesOnBelowTheLeastSizeWhereThatCannotCommit(Database database) throws Exception {
    createTable(database, "numbers", 20);
    slowDown(database, "UPDATE", 60);
    var chunks = new BatchSettings(20, 20, null, null);

    finish(database, counting("numbers", "numbers").with(chunks));

    assertThat(outcome(database)).isEqualTo(ALL_DONE);
    assertThat(values(database)).containsExactly("1 in 20 rows");
  }

  @Test
  void hasTheChunksThatTheJobFileAsksFor(Database database) throws Exception {
    createTable(database, "numbers", 300);
    var chunks = new BatchSettings(7, 3, 50, Duration.ofHours(1));

    finish(database, counting("numbers", "numbers").with(chunks));

    assertThat(committed).extracting(done -> done.counts().items()).startsWith(7L, 28L, 50L, 50L);
    assertThat(committed).allMatch(done -> Duration.ofHours(1).equals(done.target()));
  }

  @Test
  void namesTheRowThatDoesNotFit(Database database) throws Exception {
    createTable(database, "numbers", 250);
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT poison CHECK (id <> 150 OR n = 0)");

    try (var engine = engine(database, counting("numbers", "numbers"))) {
      engine.queue("numbers").steps();
      assertThat(engine.queue.find("numbers").orElseThrow().givenUp()).isTrue();
    }

    assertThat(lastError(database)).endsWith("(SQLSTATE 23514), at the key [150]");
    assertThat(values(database)).containsExactly("0 in 101 rows", "1 in 149 rows");
    assertThat(outcome(database)).isEqualTo("FAILED in 1 executions");
  }

  @Test
  void namesTheRowThatCannotBeRead(Database database) throws Exception {
    createTable(database, "numbers", 250);
    Rows.run(
        database,
        "ALTER TABLE numbers ADD COLUMN code text DEFAULT '1'",
        "UPDATE numbers SET code = 'x' WHERE id = 150");
    var read = new Read.Table("numbers", List.of("id"), new Sql("code::int = 1", 1));
    var write = statements("UPDATE numbers SET n = n + 1 FROM chunk WHERE numbers.id = chunk.id");

    try (var engine = engine(database, update("numbers", new ReadWrite(read, null, write)))) {
      engine.queue("numbers").steps();
    }

    assertThat(lastError(database)).endsWith("(SQLSTATE 22P02), at the key [150]");
    assertThat(values(database)).containsExactly("0 in 101 rows", "1 in 149 rows");
  }

  @Test
  void namesTheRowOnWhichAStatementTakesTooLong(Database database) throws Exception {
    createTable(database, "numbers", 30);
    Rows.run(
        database,
        """
        CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_sleep(60);
          RETURN NEW;
        END$$""",
        """
        CREATE TRIGGER sleeps BEFORE UPDATE ON numbers
        FOR EACH ROW WHEN (NEW.id = 15) EXECUTE FUNCTION sleep()""");
    var counting = counting("numbers", "numbers");
    var limited =
        new UpdateDefinition("numbers", null, 0, null, Duration.ofMillis(300), counting.work(), 1);

    try (var engine = engine(database, limited)) {
      engine.queue("numbers").steps();
    }

    assertThat(lastError(database)).endsWith("(SQLSTATE 57014), at the key [15]");
    assertThat(Rows.of(database, "SELECT failures_in_row FROM undercurrent.runs"))
        .containsExactly("5");
    assertThat(values(database)).containsExactly("0 in 16 rows", "1 in 14 rows");
  }

  @ParameterizedTest
  @CsvSource({
    "ALTER TABLE numbers RENAME TO figures, 42P01",
    "ALTER TABLE numbers DROP COLUMN n, 42703",
    "ALTER TABLE numbers ALTER COLUMN n TYPE text, 42883"
  })
  void stopsAtOnceWhereNothingWillChange(String change, String sqlState, Database database)
      throws Exception {
    createTable(database, "numbers", 250);
    script.atIteration(2, () -> Rows.run(database, change));

    try (var engine = engine(database, counting("numbers", "numbers"))) {
      engine.queue("numbers").steps();
      assertThat(engine.queue.find("numbers").orElseThrow().givenUp()).isTrue();
    }

    assertThat(lastError(database)).contains(sqlState);
    assertThat(rollbacks(database)).isEqualTo(1);
  }

  @Test
  void waitsForALockAndNamesWhoHoldsIt(Database database) throws Exception {
    createTable(database, "numbers", 30);
    try (var engine = engine(database, counting("numbers", "numbers"));
        var blocker = database.connect("a report")) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("UPDATE numbers SET n = 0 WHERE id = 15");
      engine.queue("numbers").run();
      Engine.await().until(() -> String.valueOf(lastError(database)).contains("blocked by pid"));

      assertThat(lastError(database)).contains("(SQLSTATE 55P03)", "a report");
      assertThat(engine.why("numbers").toString()).contains("blocked by pid");
      assertThat(Rows.of(database, "SELECT failures_in_row FROM undercurrent.runs"))
          .containsExactly("0");
      assertThat(
              Rows.of(
                  database,
                  "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'undercurrent%' AND state LIKE 'idle in%'"))
          .containsExactly("0");
      blocker.rollback();
      engine.queue.forgetFailures("numbers", 1);
      engine.awaitEmptyQueue();
    }

    assertThat(values(database)).containsExactly("1 in 30 rows");
    assertThat(outcome(database)).isEqualTo(ALL_DONE);
  }

  private Read numbers() {
    return new Read.Table("numbers", List.of("id"), null);
  }

  /** Has each row take so many ms. */
  private static void slowDown(Database database, String event, int ms) {
    Rows.run(
        database,
        """
        CREATE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_sleep(%d / 1000.0);
          RETURN coalesce(NEW, OLD);
        END$$"""
            .formatted(ms),
        "CREATE TRIGGER slow BEFORE %s ON numbers FOR EACH ROW EXECUTE FUNCTION slow_down()"
            .formatted(event));
  }

  private void finish(Database database, UpdateDefinition update) throws Exception {
    try (var engine = engine(database, update)) {
      engine.queue(update.name()).work();
    }
  }

  private Engine engine(Database database, UpdateDefinition update) {
    var listener =
        new RunnerListener() {
          @Override
          public void committed(String database, String update, Iteration iteration) {
            committed.add(iteration);
          }
        };
    return new Engine(
        database,
        new RunnerContext(
            script.controller(),
            Beans.NONE,
            FailurePolicy.STANDARD,
            listener,
            Clock.systemUTC(),
            TimeSource.SYSTEM),
        job(update));
  }

  private static @Nullable String outcome(Database database) {
    return Rows.of(
            database,
            """
            SELECT format('%s in %s executions', max(status), count(*))
              FROM undercurrent.batch_job_execution""")
        .get(0);
  }

  private static @Nullable String lastError(Database database) {
    return Rows.of(database, "SELECT last_error FROM undercurrent.runs").get(0);
  }

  private static long rollbacks(Database database) {
    return Long.parseLong(
        String.valueOf(
            Rows.of(database, "SELECT sum(rollback_count) FROM undercurrent.batch_step_execution")
                .get(0)));
  }

  private static List<@Nullable String> values(Database database) {
    return Rows.of(
        database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n ORDER BY n");
  }
}
