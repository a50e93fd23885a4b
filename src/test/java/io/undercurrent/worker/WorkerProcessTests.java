package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class WorkerProcessTests {

  @TempDir private Path home;

  @Test
  void sharesARunWithWorkersOfWhichOneIsKilled(Database database) throws Exception {
    database.prepare();
    try (var crew = new Crew(home, database, 1).rows(4_000, 2)) {
      crew.broker();
      var first = crew.worker(1);
      crew.begin();
      Rows.await(database, "SELECT 1 FROM undercurrent.workers");
      crew.runner();
      crew.awaitVisitsBy(first);
      first.kill();
      var second = crew.worker(2);
      crew.awaitVisitsBy(second);

      crew.assertAllVisitedOnce();
      assertThat(crew.said("runner")).contains("is gone or hangs");
    }
  }
}
