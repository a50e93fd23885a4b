package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseLostException;
import io.undercurrent.lease.Owner;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.PrimaryAndStandby;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.SteppedTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby is promoted, and the server whose place it has taken accepts writes again. */
@PostgresTest
class OldPrimaryTests {

  private static final String TIMELINE = "SELECT timeline FROM undercurrent.lease";
  private static final String SUM = "SELECT sum(n) FROM numbers";
  private static final String END_SESSIONS =
      """
      SELECT pg_terminate_backend(pid)
        FROM pg_stat_activity
       WHERE application_name LIKE 'undercurrent%'
         AND pid <> pg_backend_pid()""";

  private final ScriptedController script = new ScriptedController().target(Duration.ofNanos(1));
  private PrimaryAndStandby servers;
  private Database database;

  @BeforeEach
  void start() throws IOException {
    servers = new PrimaryAndStandby();
    database = new Database(servers.settings());
    database.prepare();
    createTable(database, "numbers", 1_000);
  }

  @AfterEach
  void stop() throws IOException {
    database.close();
    servers.close();
  }

  @Test
  void goesOnOnThePromotedServerOnly() throws Exception {
    script.atIteration(3, this::failOver);
    try (var engine = engine(database);
        var old = servers.old();
        var promoted = servers.promoted()) {
      engine.queue("numbers").steps();
      servers.startOld();
      Rows.of(promoted, END_SESSIONS);
      // The test's own sessions are among them.
      Engine.await().ignoreExceptions().until(() -> !engine.queue.list().isEmpty());

      engine.work();

      assertThat(Rows.of(promoted, SUM)).containsExactly("1000");
      assertThat(Rows.of(old, SUM)).containsExactly("200");
      assertThat(Rows.of(old, "SELECT epoch FROM undercurrent.lease")).containsExactly("1");
      assertThat(Rows.of(promoted, TIMELINE)).containsExactly("2");
    }
    try (var later = new Database(servers.settings())) {
      assertThat(Rows.of(later, TIMELINE))
          .as("what a process sees that begins")
          .containsExactly("2");
    }
  }

  @Test
  void refusesTheOldOneByNameUntilThePromotedOneAnswers(@TempDir Path directory) throws Exception {
    failOver();
    Files.writeString(
        directory.resolve("count.yaml"), "updates: [{name: count, run: UPDATE numbers SET n = 1}]");
    var context = new RunnerContext(script.controller(), Beans.NONE);
    try (var engine = new JobEngine(JobEngine.jobs(directory), context, servers.settings());
        var old = servers.old();
        var promoted = servers.promoted()) {
      engine.updates.start("master", "count");
      servers.startOld();
      servers.stopPromoted();

      Engine.await()
          .untilAsserted(
              () ->
                  assertThat(String.valueOf(engine.updates.status("master").problem()))
                      .contains(
                          "expected timeline 2 or later, as seen on %s at "
                              .formatted(servers.newServer()))
                      .contains(
                          "found timeline 1 on %s: an old primary, whose place another server has taken. Stop it, or rebuild it as a standby"
                              .formatted(servers.oldServer())));
      servers.startPromoted();
      engine.run().awaitEmptyQueue();

      assertThat(Rows.of(old, SUM)).containsExactly("0");
      assertThat(Rows.of(promoted, SUM)).containsExactly("1000");
    }
  }

  @Test
  void leavesAPrimaryThatWasNotStopped() {
    var time = new SteppedTime();
    var owner = Owner.thisProcess();
    try (var lease = Lease.take(database, owner, true, time).orElseThrow()) {
      servers.promote();
      time.pass(Duration.ofMinutes(1));

      assertThatThrownBy(lease::renew)
          .isInstanceOf(LeaseLostException.class)
          .hasMessageEndingWith("another server was promoted, and this one is an old primary");
    }
    try (var again = Lease.take(database, owner, false, time).orElseThrow();
        var promoted = servers.promoted()) {
      assertThat(Rows.of(promoted, "SELECT epoch FROM undercurrent.lease"))
          .containsExactly("" + again.epoch());
    }
  }

  private Engine engine(Database database) {
    return new Engine(database, script.controller(), job(counting("numbers", "numbers")));
  }

  private void failOver() throws IOException {
    servers.promote();
    servers.stopOld();
  }
}
