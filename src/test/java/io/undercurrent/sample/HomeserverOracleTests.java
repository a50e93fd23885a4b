package io.undercurrent.sample;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import org.junit.jupiter.api.Test;

@PostgresTest
class HomeserverOracleTests {

  @Test
  void endsWithTheRowsOfARealHomeserver(Database database) throws Exception {
    var oracle = new HomeserverOracle(database);

    var runner =
        JobRunner.withAppservice(
            database, HomeserverOracle.SERVER_NAME, "@asbot:oracle.test", "@bridge_.*");

    runner.run(JobRunner.STATISTICS);
    runner.run(JobRunner.DIRECTORY);

    for (var table : oracle.expectedTables()) {
      oracle.assertSame(table);
    }
  }
}
