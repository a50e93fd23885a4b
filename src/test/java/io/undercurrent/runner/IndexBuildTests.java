package io.undercurrent.runner;

import static io.undercurrent.runner.Engine.job;
import static io.undercurrent.runner.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.PostgresTest;
import io.undercurrent.database.Rows;
import io.undercurrent.job.UpdateDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class IndexBuildTests {

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createTable(Database database) {
    this.database = database;
    Engine.createTable(database, "numbers", 100);
  }

  @Test
  void buildsTheIndexInOneIteration() throws Exception {
    run(EngineProcess.index("numbers", "numbers_n"));

    assertThat(indexes())
        .containsExactly("numbers_n valid btree (n)", "numbers_pkey valid unique btree (id)");
    assertThat(script.events).containsExactly("on_update index master true", "enter", "exit");
    assertThat(steps()).containsExactly("COMPLETED 1 commits");
  }

  private void run(UpdateDefinition update) throws InterruptedException {
    engine(update).queue(update.name()).finish();
  }

  private Engine engine(UpdateDefinition update) {
    return new Engine(database, script.controller(), job(update));
  }

  private List<@Nullable String> steps() {
    return Rows.of(
        database,
        """
        SELECT format('%s %s commits', status, commit_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }

  /** All indexes of the table, with what they index. */
  private List<@Nullable String> indexes() {
    return Rows.of(
        database,
        """
        SELECT concat_ws(' ', relname, CASE WHEN indisvalid THEN 'valid' ELSE 'INVALID' END,
                         CASE WHEN indisunique THEN 'unique' END,
                         split_part(pg_get_indexdef(indexrelid), ' USING ', 2))
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indrelid = CAST('numbers' AS regclass)
         ORDER BY relname""");
  }
}
