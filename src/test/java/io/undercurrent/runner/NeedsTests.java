package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Changelog;
import io.undercurrent.job.JobFile;
import io.undercurrent.run.RunStatements;
import io.undercurrent.sql.Sql;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.TestDatabases;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Jobs that need a part of the schema which the database does not have yet. */
@PostgresTest
class NeedsTests {

  @Test
  void failWithoutKeepingOthersFromTheirWorkWhereThePartCannotBeMade(TestDatabases databases)
      throws Exception {
    var owners = databases.create();
    createTable(owners, "numbers", 10);
    Rows.run(
        owners,
        "GRANT USAGE ON SCHEMA undercurrent TO PUBLIC",
        "GRANT ALL ON ALL TABLES IN SCHEMA public, undercurrent TO PUBLIC",
        "GRANT ALL ON ALL SEQUENCES IN SCHEMA undercurrent TO PUBLIC");
    var work = new RunStatements(List.of(new Sql("SELECT undercurrent.user_domain('@a:b')", 1)));
    var needy =
        new JobFile(
            "a",
            null,
            "jobs/test.yaml",
            List.of(update("a", work)),
            Map.of(),
            Changelog.HOMESERVER);
    var script = new ScriptedController();

    try (var engine =
        new Engine(
            databases.as("weak", owners),
            script.controller(),
            needy,
            job(counting("b", "numbers")))) {
      engine.queue("a").queue("b").steps();

      assertThat(engine.queue.find("b")).isEmpty();
      assertThat(engine.queue.list())
          .singleElement()
          .satisfies(
              update -> {
                assertThat(update.failuresInRow()).isPositive();
                assertThat(update.lastError())
                    .contains("permission denied")
                    .endsWith("Have a superuser run db/grants.sql there");
              });
    }
  }
}
