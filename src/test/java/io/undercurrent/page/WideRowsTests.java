package io.undercurrent.page;

import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.process.ChildProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of which a process cannot hold a chunk of the usual size. */
@PostgresTest
class WideRowsTests {

  @Test
  void areReadInChunksThatFitIntoMemory(Database database) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE documents (id int PRIMARY KEY, body text, length int)",
        "INSERT INTO documents SELECT i, repeat('x', 3000000) FROM generate_series(1, 14) i");
    database.prepare();
    new UpdateQueue(database).add("measure", List.of(new NewUpdate("measure", null, 0)));

    var options = List.of("-Xmx48m", "-Duser.timezone=UTC");
    try (var process = ChildProcess.start(WideRowsTests.class, database, options)) {
      assertThat(process.awaitExit(Duration.ofMinutes(2))).isZero();
    }

    assertThat(Rows.of(database, "SELECT count(*) FROM documents WHERE length = 3000000"))
        .containsExactly("14");
    assertThat(
            Rows.of(
                database,
                "SELECT status || ' ' || (rollback_count > 0) FROM undercurrent.batch_step_execution"))
        .containsExactly("COMPLETED true");
  }

  public static void main(String[] args) throws InterruptedException {
    var read = new Read.Query(new Sql("SELECT id, body FROM documents", 1), List.of("id"));
    var write =
        statements(
            "UPDATE documents SET length = length(chunk.body) FROM chunk WHERE documents.id = chunk.id");
    var settings = new DatabaseSettings("master", args[0], args[1], null);
    try (var database = new Database(settings);
        var engine =
            new Engine(
                database,
                new ScriptedController().controller(),
                job(update("measure", new ReadWrite(read, null, write))))) {
      engine.run().awaitEmptyQueue(Duration.ofMinutes(2));
    }
  }
}
