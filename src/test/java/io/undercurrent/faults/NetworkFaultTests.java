package io.undercurrent.faults;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.undercurrent.faults.server.Sessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens between Undercurrent and its server. */
@Tag("faults")
class NetworkFaultTests {

  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = Scene.open();
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
  }

  @Test
  void survivesCutConnections() throws Exception {
    scene
        .fault("all connections cut every 2 s")
        .rows(30_000)
        .when(scene.wire::cut)
        .lasts(ofSeconds(2))
        .times(Suite.count("cuts", 5, 30))
        .endsWell();
  }

  @Test
  void survivesTheEndOfItsSessions() throws Exception {
    scene
        .fault("all sessions terminated every 2 s")
        .rows(30_000)
        .when(() -> Sessions.terminate(scene.server()))
        .lasts(ofSeconds(2))
        .times(Suite.count("terminations", 5, 30))
        .endsWell();
  }

  @Test
  void survivesLostAcknowledgements() throws Exception {
    scene
        .fault("acknowledgement of COMMIT lost")
        .rows(20_000)
        .when(() -> scene.wire.loseAcknowledgements(1))
        .until(scene.wire::awaitLost)
        .times(Suite.count("acknowledgements", 5, 30))
        .endsWell();
  }

  @Test
  void survivesLostAcknowledgementsInFourLanes() throws Exception {
    scene
        .fault("acknowledgement of COMMIT lost, in four lanes")
        .job("lanes: 4")
        .rows(60_000)
        .when(() -> scene.wire.loseAcknowledgements(1))
        .until(scene.wire::awaitLost)
        .times(Suite.count("acknowledgements", 5, 30))
        .endsWell();
  }

  @Test
  void survivesABlackHole() throws Exception {
    scene
        .fault("black hole for 90 s")
        .rows(10_000)
        .leavesATransactionFor(ofSeconds(12))
        .when(scene.wire::silence)
        .why("No process runs the updates")
        .lasts(Suite.seconds(90))
        .until(scene.wire::open)
        .endsWell();
  }

  @Test
  void survivesThatOldConnectionsDieWithoutAWord() throws Exception {
    scene
        .fault("open connections become black holes, new ones work")
        .rows(10_000)
        .leavesATransactionFor(ofSeconds(12))
        .when(scene.wire::silence)
        .until(scene.wire::open)
        .endsWell();
  }

  @Test
  void isOnlySlowAtADistance() throws Exception {
    scene
        .fault("latency of 200 ms")
        .leavesATransactionFor(ofSeconds(8))
        .when(() -> scene.wire.delay(ofMillis(200)))
        .lasts(Suite.seconds(60))
        .until(() -> scene.wire.delay(ZERO))
        .endsWell();
  }
}
