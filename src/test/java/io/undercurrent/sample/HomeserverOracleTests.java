package io.undercurrent.sample;

import io.undercurrent.database.Database;
import io.undercurrent.database.PostgresTest;
import org.junit.jupiter.api.Test;

@PostgresTest
class HomeserverOracleTests {

  @Test
  void endsWithTheRowsOfARealHomeserver(Database database) throws Exception {
    var oracle = new HomeserverOracle(database);

    new JobRunner(database, HomeserverOracle.SERVER_NAME).run(JobRunner.STATISTICS);

    oracle.assertSame("room_stats_state");
    oracle.assertSame("room_stats_current");
  }
}
