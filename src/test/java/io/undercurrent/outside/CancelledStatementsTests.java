package io.undercurrent.outside;

import static io.undercurrent.testing.Engine.createTable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class CancelledStatementsTests {

  @Test
  void areCutNowOrNotAtAll(Database database, @TempDir Path jobs) throws Exception {
    createTable(database, "tokens", 100);
    Files.writeString(
        jobs.resolve("tidy.yaml"),
        """
        updates:
          - name: tidy
            outside-transaction: ["VACUUM (ANALYZE) tokens", "REINDEX INDEX CONCURRENTLY tokens_pkey"]
        """);
    try (var engine = new JobEngine(jobs, database);
        var report = OldSnapshot.hold(database)) {
      assertThat(engine.updates.start("master", "tidy").warnings()).isEmpty();
      engine.run();
      report.awaitBuild();

      assertThatThrownBy(() -> engine.updates.cancel("master", "tidy", false))
          .hasMessage(
              "Update 'tidy' on 'master' is at a statement outside of transactions right now, and no part of it could be kept. Let it finish, or stop it with: cancel tidy --now");
      var cancelled = engine.updates.cancel("master", "tidy", true);

      assertThat(cancelled.remarks())
          .singleElement()
          .asString()
          .matches("The statement was stopped after \\d+ ms\\..*");
    }
    assertThat(
            Rows.of(
                database,
                "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'tokens'::regclass"))
        .containsExactly("tokens_pkey");
  }
}
