package io.undercurrent.sample;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import org.junit.jupiter.api.Test;

@PostgresTest
class HomeserverOracleTests {

  @Test
  void endsWithTheRowsOfARealHomeserver(TestDatabases databases) throws Exception {
    var oracle = new HomeserverOracle(databases);

    var runner =
        JobRunner.withAppservice(
            oracle.database(), HomeserverOracle.SERVER_NAME, "@asbot:oracle.test", "@bridge_.*");

    runner.run(JobRunner.STATISTICS);
    runner.run(JobRunner.DIRECTORY);

    for (var table : oracle.expectedTables()) {
      oracle.assertSame(table);
    }
  }
}
