package io.undercurrent.quarantine;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Several lanes of one run put rows aside at the same time. */
@PostgresTest
class LanesLimitTests {

  @Test
  void countsNoRowsThatASnapshotLacks(Database database) throws Exception {
    createTable(database, "numbers", 10);
    try (var engine =
            new Engine(
                database,
                new ScriptedController().controller(),
                job(counting("numbers", "numbers")));
        var session = database.connect("lane")) {
      engine.queue("numbers");
      session.setAutoCommit(false);
      session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      var lane = JdbcClient.create(new SingleConnectionDataSource(session, true));
      new QuarantineTable(lane).count("numbers", 1);

      putAside(database.jdbc(), "1");

      assertThatThrownBy(() -> putAside(lane, "2")).hasMessageContaining("could not serialize");
    }
  }

  private static void putAside(JdbcClient lane, String key) {
    new Quarantine(new QuarantineTable(lane), "numbers", 1, new QuarantineLimit(1, null))
        .put(new BadRow(List.of(key), null, "no"), 10);
  }
}
