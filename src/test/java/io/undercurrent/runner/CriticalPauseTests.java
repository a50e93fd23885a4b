package io.undercurrent.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.brake.Brake;
import io.undercurrent.database.Database;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.Owner;
import io.undercurrent.state.Measure;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@PostgresTest
class CriticalPauseTests {

  @Test
  void leavesNothingForAnUpdateThatHasLeftTheQueue(Database database) {
    database.prepare();
    var lag = new Measure("lag", null, 101.0, 10, Unit.SECONDS);
    try (var lease = lease(database);
        var pool = new FencedPool(lease)) {
      new CriticalPause(database.name(), pool)
          .pause("numbers", new Brake(lag, null, Duration.ZERO, 100.0));
    }

    assertThat(Rows.of(database, "SELECT update_name FROM undercurrent.pauses")).isEmpty();
    assertThat(Rows.of(database, "SELECT subject FROM undercurrent.actions")).isEmpty();
  }

  private static Lease lease(Database database) {
    return Lease.take(database, Owner.thisProcess(), true, TimeSource.SYSTEM).orElseThrow();
  }
}
