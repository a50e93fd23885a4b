package io.undercurrent.execution;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import org.junit.jupiter.api.Test;

@PostgresTest
class GenerationsTests {

  private static final String STEPS =
      """
      SELECT concat_ws(' ', step.generation, context.generation, commit_count, version,
                       short_context::json ->> 'undercurrent.position')
        FROM undercurrent.batch_step_execution step
        JOIN undercurrent.batch_step_execution_context context USING (step_execution_id)
       ORDER BY step_execution_id""";

  @Test
  void countsFiftiesOfCommittedIterationsInBothTables(Database database) throws Exception {
    finish(database, 120);

    assertThat(Rows.of(database, STEPS)).containsExactly("2 2 120 123 [\"120\"]");
  }

  /** The process of an older version goes on while a newer one brings the schema up to date. */
  @Test
  void leavesAnOlderVersionsSavesAlone(Database database) throws Exception {
    finish(database, 10);
    asBefore(database);

    try (var again = new Database(database.settings())) {
      again.prepare();
    }
    Rows.run(
        database,
        """
        WITH step AS (
          UPDATE undercurrent.batch_step_execution
             SET version = version + 1, commit_count = 100
           WHERE step_execution_id = 1
             AND version = 13
          RETURNING step_execution_id
        )
        UPDATE undercurrent.batch_step_execution_context
           SET short_context = '{"undercurrent.position": "old"}'
          FROM step
         WHERE batch_step_execution_context.step_execution_id = step.step_execution_id""");

    assertThat(Rows.of(database, STEPS)).containsExactly("0 0 100 14 old");
    assertThat(
            Rows.of(
                database,
                """
                SELECT pg_get_constraintdef(oid)
                  FROM pg_constraint
                 WHERE conname = 'step_exec_ctx_fk'"""))
        .containsExactly(
            "FOREIGN KEY (step_execution_id, generation) REFERENCES undercurrent.batch_step_execution(step_execution_id, generation)");
  }

  private static void finish(Database database, int rows) throws InterruptedException {
    createTable(database, "numbers", rows);
    new Engine(
            database,
            new ScriptedController().controller(),
            job(inChunksOf(1, counting("numbers", "numbers"))))
        .queue("numbers")
        .finish();
  }

  private static void asBefore(Database database) {
    Rows.run(
        database,
        """
        ALTER TABLE undercurrent.batch_step_execution_context
          DROP CONSTRAINT step_exec_ctx_fk,
          DROP COLUMN generation,
          ADD PRIMARY KEY (step_execution_id)""",
        """
        ALTER TABLE undercurrent.batch_step_execution
          DROP COLUMN generation,
          ADD PRIMARY KEY (step_execution_id)""",
        """
        ALTER TABLE undercurrent.batch_step_execution_context
          ADD CONSTRAINT step_exec_ctx_fk FOREIGN KEY (step_execution_id)
          REFERENCES undercurrent.batch_step_execution""",
        "DELETE FROM undercurrent.databasechangelog WHERE id = 'generations'");
  }
}
