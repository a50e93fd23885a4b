package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class CommitFailureTests {

  private final ScriptedController script = new ScriptedController().target(Duration.ofNanos(1));

  @BeforeEach
  void refuseTheSecondCommit(Database database) {
    createTable(database, "numbers", 250);
    Rows.run(
        database,
        "CREATE TABLE allowed (id bigint PRIMARY KEY)",
        "INSERT INTO allowed SELECT id FROM numbers WHERE id <> 150",
        """
        CREATE FUNCTION check_number() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT EXISTS (SELECT FROM allowed WHERE id = NEW.id) THEN
            RAISE 'number % is not allowed', NEW.id USING ERRCODE = 'foreign_key_violation';
          END IF;
          RETURN NULL;
        END$$""",
        """
        CREATE CONSTRAINT TRIGGER allowed AFTER UPDATE ON numbers DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION check_number()""");
  }

  @Test
  void findsTheRowThatTheCommitRefuses(Database database) throws Exception {
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();

      assertThat(executions(database)).containsExactly("FAILED");
      assertThat(engine.queue.find("numbers").orElseThrow().failuresInRow()).isEqualTo(1);
      assertThat(engine.queue.find("numbers").orElseThrow().lastError())
          .isEqualTo("number 150 is not allowed (SQLSTATE 23503), at the key [150]");
    }
    assertThat(steps(database))
        .containsExactly("FAILED 149 read 7 commits 3 rollbacks at [\"149\"]");
    assertThat(values(database)).containsExactly("0 in 101 rows", "1 in 149 rows");
  }

  @Test
  void goesOnWhereItWasWhenTheReasonIsGone(Database database) throws Exception {
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
      Rows.run(database, "INSERT INTO allowed VALUES (150)");
      engine.queue.forgetFailures("numbers", 1);
      engine.steps();
    }

    assertThat(steps(database))
        .containsExactly(
            "FAILED 149 read 7 commits 3 rollbacks at [\"149\"]",
            "COMPLETED 101 read 2 commits 0 rollbacks at [\"250\"]");
    assertThat(values(database)).containsExactly("1 in 250 rows");
  }

  @Test
  void triesACommitAgainThatEndsItsSession(Database database) throws Exception {
    Rows.run(
        database,
        """
        CREATE OR REPLACE FUNCTION check_number() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.id = 150 THEN
            PERFORM pg_terminate_backend(pg_backend_pid());
          END IF;
          RETURN NULL;
        END$$""");
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
      // Its outcome is unknown at first: the next round starts over, asks, and notes it.
      engine.step();

      assertThat(engine.queue.find("numbers").orElseThrow().failuresInRow()).isZero();
      assertThat(engine.queue.find("numbers").orElseThrow().lastError()).contains("57P01");
      assertThat(engine.queue.find("numbers").orElseThrow().retryAt()).isNotNull();
    }
    assertThat(values(database)).containsExactly("0 in 150 rows", "1 in 100 rows");
  }

  private Engine engine(Database database) {
    return new Engine(database, script.controller(), job(counting("numbers", "numbers")));
  }

  private static List<@Nullable String> executions(Database database) {
    return Rows.of(database, "SELECT status FROM undercurrent.batch_job_execution");
  }

  private static List<@Nullable String> steps(Database database) {
    return Rows.of(
        database,
        """
        SELECT format('%s %s read %s commits %s rollbacks at %s', status, read_count, commit_count,
                      rollback_count, short_context::json ->> 'undercurrent.position')
          FROM undercurrent.batch_step_execution
          JOIN undercurrent.batch_step_execution_context USING (step_execution_id)
         ORDER BY step_execution_id""");
  }

  private static List<@Nullable String> values(Database database) {
    return Rows.of(
        database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n ORDER BY n");
  }
}
