package io.undercurrent.faults;

import static java.time.Duration.ofSeconds;

import io.undercurrent.faults.server.PostgresServer.Stop;
import io.undercurrent.faults.server.Sessions;
import java.sql.Connection;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The short form of the fault suite: ten cases on one server. */
class ShortFaultTests {

  private static Scene scene;

  @BeforeAll
  static void open() throws Exception {
    scene = Scene.open();
  }

  @AfterAll
  static void close() throws Exception {
    scene.close();
  }

  @Test
  void survivesTheEndOfAllSessions() throws Exception {
    scene
        .fault("all sessions terminated")
        .when(() -> Sessions.terminate(scene.server()))
        .endsWell();
  }

  @Test
  void survivesCutConnections() throws Exception {
    scene.fault("connections cut").when(scene.wire::cut).endsWell();
  }

  @Test
  void survivesLostAcknowledgements() throws Exception {
    scene
        .fault("acknowledgement of COMMIT lost")
        .when(() -> scene.wire.loseAcknowledgements(1))
        .until(scene.wire::awaitLost)
        .endsWell();
  }

  @Test
  void survivesAServerThatIsStopped() throws Exception {
    scene
        .fault("server stopped at once for 1 s")
        .hitsEverybody()
        .when(() -> scene.server().stop(Stop.IMMEDIATE))
        .why("nothing listens at")
        .lasts(ofSeconds(1))
        .until(() -> scene.server().start())
        .endsWell();
  }

  @Test
  void survivesTheDeathOfItsBackend() throws Exception {
    scene
        .fault("its backend killed, which restarts the server")
        .hitsEverybody()
        .when(() -> scene.server().signal("KILL", Sessions.ofChunks(scene.server())))
        .endsWell();
  }

  @Test
  void waitsForAServerThatTakesNoWrites() throws Exception {
    scene
        .fault("read-only for 1 s")
        .hitsEverybody()
        .when(() -> scene.server().configure("default_transaction_read_only = on"))
        .why("The server accepts no writes")
        .lasts(ofSeconds(1))
        .until(() -> scene.server().configure("default_transaction_read_only = off"))
        .endsWell();
  }

  @Test
  void survivesAKillAtACommit() throws Exception {
    var kill = scene.fault("SIGKILL at COMMIT");
    kill.when(() -> scene.killAt(StopPoint.COMMIT, kill.table())).until(scene::start).endsWell();
  }

  @Test
  void waitsForAFreeConnection() throws Exception {
    var taken = new ArrayList<Connection>();
    scene
        .fault("no connection is free for 1 s")
        .when(() -> taken.addAll(Sessions.takeAll(scene.server())))
        .why("accepts no more connections")
        .lasts(ofSeconds(1))
        .until(() -> Sessions.close(taken))
        .endsWell();
  }

  @Test
  void putsPoisonedRowsAside() throws Exception {
    var poisoned = scene.fault("a poisoned row among 2,500");
    poisoned
        .job("on-error: {quarantine: {rows: 1}}")
        .when(() -> StatementFaultTests.poison(scene, poisoned.table(), "id = 1501"))
        .endsWell();
  }

  @Test
  void waitsForALock() throws Exception {
    var report = new ArrayList<Connection>();
    var lock = scene.fault("rows locked for 3 s");
    lock.when(() -> report.add(Sessions.holdRows(scene.server(), lock.table(), 1_500)))
        .why("(report as postgres")
        .lasts(ofSeconds(3))
        .until(() -> Sessions.close(report))
        .endsWell();
  }
}
