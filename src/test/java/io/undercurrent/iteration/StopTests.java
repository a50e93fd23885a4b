package io.undercurrent.iteration;

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
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class StopTests {

  private static final Duration TARGET = Duration.ofMillis(100);
  private static final String SLEEPING =
      """
      SELECT pid
        FROM pg_stat_activity
       WHERE datname = current_database()
         AND wait_event = 'PgSleep'""";

  private final ScriptedController script = new ScriptedController().target(TARGET);

  @Test
  void cutsAChunkThatOverrunsItsTarget(Database database) throws Exception {
    createTable(database, "numbers", 100);

    var took =
        stopWhileItSleeps(
            database,
            update(
                "numbers",
                new ReadWrite(
                    new Read.Table("numbers", List.of("id"), null),
                    null,
                    statements(
                        "UPDATE numbers SET n = 1 FROM chunk WHERE numbers.id = chunk.id",
                        "SELECT pg_sleep(60) FROM chunk LIMIT 1"))));

    assertThat(took).isLessThan(TARGET.multipliedBy(2).plusSeconds(1));
    assertThat(Rows.of(database, "SELECT max(n)::text FROM numbers")).containsExactly("0");
  }

  @Test
  void cutsAStatementThatRunsOnce(Database database) throws Exception {
    var took =
        stopWhileItSleeps(
            database,
            update("once", new RunStatements(List.of(new Sql("SELECT pg_sleep(60)", 1)))));

    assertThat(took).isLessThan(TARGET.multipliedBy(2).plusSeconds(1));
  }

  private Duration stopWhileItSleeps(Database database, UpdateDefinition update) throws Exception {
    var engine = new Engine(database, script.controller(), job(update));
    engine.queue(update.name()).run();
    Rows.await(database, SLEEPING);
    var start = System.nanoTime();
    engine.close();
    var took = Duration.ofNanos(System.nanoTime() - start);

    assertThat(
            Rows.of(
                database,
                """
                SELECT job.status || ' ' || step.status || ' ' || step.commit_count || ' ' || failures_in_row
                  FROM undercurrent.batch_job_execution job
                  JOIN undercurrent.batch_step_execution step USING (job_execution_id)
                 CROSS JOIN undercurrent.runs"""))
        .containsExactly("STOPPED STOPPED 0 0");
    assertThat(script.events)
        .last()
        .isEqualTo(
            "exit the process shuts down; the iteration overran its target and was rolled back");
    return took;
  }
}
