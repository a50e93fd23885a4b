package io.undercurrent.status;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import org.junit.jupiter.api.Test;

@PostgresTest
class RunReaderTests {

  @Test
  void takesACompletedExecutionForActiveUntilItsRunnerHasClosedTheRun(Database database)
      throws Exception {
    createTable(database, "numbers", 10);
    var script = new ScriptedController();
    new Engine(database, script.controller(), job(counting("numbers", "numbers")))
        .queue("numbers")
        .finish();
    Rows.run(
        database,
        """
        UPDATE undercurrent.lease
           SET owner = 'pid 1 on db-host', current_update = 'numbers',
               acquired_at = clock_timestamp() - interval '1 hour',
               expires_at = clock_timestamp() + interval '1 hour'""");

    assertThat(RunReader.last(database.jdbc(), "numbers", 1).active()).isTrue();

    // A runner that began later has nothing to do with it.
    Rows.run(database, "UPDATE undercurrent.lease SET acquired_at = clock_timestamp()");
    assertThat(RunReader.last(database.jdbc(), "numbers", 1).active()).isFalse();
    Rows.run(
        database,
        """
        UPDATE undercurrent.lease
           SET current_update = NULL, acquired_at = clock_timestamp() - interval '1 hour'""");
    assertThat(RunReader.last(database.jdbc(), "numbers", 1).active()).isFalse();
  }
}
