package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class WorkerProcessTests {

  @TempDir private Path home;

  @Test
  void sharesARunWithWorkersOfWhichOneIsKilledAndOneIsStopped(Database database) throws Exception {
    database.prepare();
    try (var crew = new Crew(home, database, 2).rows(4_000, 2)) {
      crew.brokerHere();
      var killed = crew.worker(1);
      var stopped = crew.worker(1);
      crew.begin();
      crew.awaitWorkers(2);
      crew.runner();
      crew.awaitVisitsBy(killed);
      crew.awaitVisitsBy(stopped);
      killed.kill();
      stopped.signal("TERM");

      assertThat(stopped.awaitExit(Duration.ofMinutes(1))).isZero();
      crew.awaitWorkers(1);
      crew.assertAllVisitedOnce();
      assertThat(crew.said("runner")).contains("is gone or hangs");
    }
  }
}
