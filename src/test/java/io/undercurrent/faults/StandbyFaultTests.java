package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.faults.server.PostgresServer.Stop;
import io.undercurrent.faults.server.Sessions;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.Rows;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens to a server with a standby. */
@Tag("faults")
class StandbyFaultTests {

  @Test
  void goesOnAtThePromotedStandby() throws Exception {
    try (var primary = PostgresServer.create();
        var standby = primary.standby();
        var scene = Scene.open(primary, standby)) {
      scene
          .fault("promotion of a standby")
          .hitsEverybody()
          .when(() -> stopFollowed(primary))
          .why("nothing listens at")
          .until(
              () -> {
                standby.promote();
                scene.moveTo(standby);
              })
          .endsWell();
    }
  }

  /** What it has written is on its standby then. */
  private static void stopFollowed(PostgresServer primary) throws Exception {
    Engine.await().atMost(Duration.ofSeconds(30)).until(primary::isFollowed);
    primary.stop(Stop.FAST);
  }

  @Test
  void staysAwayFromAnOldPrimaryThatComesBack() throws Exception {
    try (var primary = PostgresServer.create();
        var standby = primary.standby();
        var scene = Scene.open(primary, standby)) {
      Rows.await(primary.superuser(), "SELECT 1 FROM undercurrent.lease WHERE owner IS NOT NULL");
      stopFollowed(primary);
      standby.promote();
      scene.moveTo(standby);
      scene
          .fault("old primary comes back, and sessions at the new one are terminated")
          .when(
              () -> {
                primary.start();
                Sessions.terminate(standby);
              })
          .endsWell();

      assertThat(Rows.of(primary.superuser(), "SELECT epoch FROM undercurrent.lease"))
          .as("how often the lease was taken at the old primary")
          .containsExactly("1");
    }
  }
}
