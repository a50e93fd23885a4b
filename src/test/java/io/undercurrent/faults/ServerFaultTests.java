package io.undercurrent.faults;

import static java.time.Duration.ofSeconds;

import io.undercurrent.faults.server.PostgresServer.Stop;
import io.undercurrent.faults.server.Sessions;
import java.sql.Connection;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to the server. */
@Tag("faults")
class ServerFaultTests {

  private Scene scene;

  @BeforeEach
  void open() throws Exception {
    scene = Scene.open();
  }

  @AfterEach
  void close() throws Exception {
    scene.close();
  }

  @ParameterizedTest
  @EnumSource
  void survivesAStop(Stop how) throws Exception {
    survivesAStop(how, 15);
  }

  @ParameterizedTest
  @CsvSource({"FAST, 90", "IMMEDIATE, 360"})
  void survivesAStop(Stop how, int seconds) throws Exception {
    scene
        .fault("server stopped for %d s, %s".formatted(seconds, how))
        .hitsEverybody()
        .when(() -> scene.server().stop(how))
        .why("nothing listens at")
        .lasts(Suite.seconds(seconds))
        .until(() -> scene.server().start())
        .endsWell();
  }

  @Test
  void survivesRestartsInARow() throws Exception {
    scene
        .fault("server restarted again and again")
        .hitsEverybody()
        .rows(20_000)
        .when(() -> scene.server().stop(Stop.IMMEDIATE))
        .until(() -> scene.server().start())
        .times(Suite.count("restarts", 3, 20))
        .endsWell();
  }

  @Test
  void survivesTheDeathOfItsBackend() throws Exception {
    scene
        .fault("its backend killed, which restarts the server")
        .hitsEverybody()
        .rows(20_000)
        .when(() -> scene.server().signal("KILL", Sessions.ofChunks(scene.server())))
        .times(Suite.count("backends", 3, 20))
        .endsWell();
  }

  @Test
  void waitsForAFrozenServer() throws Exception {
    scene
        .fault("all processes of the server frozen for 30 s")
        .hitsEverybody()
        .leavesATransactionFor(ofSeconds(40))
        .when(() -> scene.server().freeze(true))
        .lasts(Suite.seconds(30))
        .until(() -> scene.server().freeze(false))
        .endsWell();
  }

  @Test
  void waitsForAServerThatTakesNoWrites() throws Exception {
    scene
        .fault("read-only for 40 s")
        .hitsEverybody()
        .when(() -> scene.server().configure("default_transaction_read_only = on"))
        .why("The server accepts no writes: default_transaction_read_only is on")
        .lasts(Suite.seconds(40))
        .until(() -> scene.server().configure("default_transaction_read_only = off"))
        .endsWell();
  }

  @Test
  void waitsForAFreeConnection() throws Exception {
    var taken = new ArrayList<Connection>();
    scene
        .fault("no connection is free for 60 s")
        .when(() -> taken.addAll(Sessions.takeAll(scene.server())))
        .why("accepts no more connections")
        .lasts(Suite.seconds(60))
        .until(() -> Sessions.close(taken))
        .endsWell();
  }
}
