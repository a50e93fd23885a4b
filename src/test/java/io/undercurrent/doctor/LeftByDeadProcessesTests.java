package io.undercurrent.doctor;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.Owner;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class LeftByDeadProcessesTests {

  private static final String STATUSES =
      """
      SELECT status FROM undercurrent.batch_job_execution
      UNION ALL
      SELECT status FROM undercurrent.batch_step_execution""";

  private Database database;

  @BeforeEach
  void open(Database database) {
    this.database = database;
    createTable(database, "halls", 10);
  }

  /** As after kill -9, an hour ago. */
  private void leaveALease() {
    Rows.run(
        database,
        """
        UPDATE undercurrent.lease
           SET epoch = 41, owner = 'pid 4711 on db-host', owner_id = 'gone', enabled = false,
               acquired_at = clock_timestamp() - interval '3 hours',
               renewed_at = clock_timestamp() - interval '2 hours',
               expires_at = clock_timestamp() - interval '2 hours'""");
  }

  /** As after kill -9 in the middle. */
  private void leaveAnExecution() throws InterruptedException {
    new Engine(database, new ScriptedController().controller(), job(counting("count", "halls")))
        .queue("count")
        .finish();
    Rows.run(
        database,
        "UPDATE undercurrent.batch_job_execution SET status = 'STARTED', end_time = NULL",
        "UPDATE undercurrent.batch_step_execution SET status = 'UNKNOWN', end_time = NULL",
        "INSERT INTO undercurrent.batch_job_instance VALUES (99, 0, 'never_begun', 'x')");
  }

  @Test
  void aLeaseIsFoundAndGivenBack() {
    leaveALease();
    var examination = Examination.by(new StaleLeases(), database);

    assertThat(examination.findings())
        .containsExactly(
            "hint stale-lease: pid 4711 on db-host has not given the lease back, and was last seen 2 h ago. The next process that runs updates takes it over: run (fixable)");
    assertThat(examination.fix("stale-lease"))
        .containsExactly("Took the lease of pid 4711 on db-host over and gave it back.");
    assertThat(
            Rows.of(
                database, "SELECT concat_ws(' ', epoch, owner, enabled) FROM undercurrent.lease"))
        .containsExactly("42 f");
    assertThat(examination.findings()).isEmpty();
  }

  @Test
  void aLeaseIsTakenFromAProcessThatHangs() {
    try (var held =
        Lease.take(database, Owner.thisProcess(), false, TimeSource.SYSTEM).orElseThrow()) {
      Rows.run(
          database,
          "UPDATE undercurrent.lease SET expires_at = clock_timestamp() - interval '1 hour'");
      var examination = Examination.by(new StaleLeases(), database);

      assertThat(examination.findings())
          .singleElement()
          .asString()
          .contains("; it is still connected, so it hangs. ");
      examination.fix("stale-lease");
      assertThat(Rows.of(database, "SELECT epoch FROM undercurrent.lease WHERE owner IS NULL"))
          .containsExactly("" + (held.epoch() + 1));
    }
  }

  @Test
  void executionsAreFoundAndMadeRestartable() throws InterruptedException {
    leaveAnExecution();
    leaveALease();
    var examination = Examination.by(new OrphanedExecutions(), database);

    assertThat(examination.findings())
        .containsExactly(
            "hint orphaned-executions: Spring Batch has count, never_begun as STARTED or never begun, but no process runs it. The next process that runs updates makes them restartable: run (fixable)");
    assertThat(examination.fix("orphaned-executions"))
        .containsExactly("Made count, never_begun restartable.");
    assertThat(Rows.of(database, STATUSES)).containsExactly("FAILED", "FAILED");
    assertThat(Rows.of(database, "SELECT job_name FROM undercurrent.batch_job_instance"))
        .containsExactly("count");
    assertThat(examination.findings()).isEmpty();
  }

  @Test
  void nothingIsFoundOrMendedWhileAProcessHoldsTheLease() throws InterruptedException {
    leaveAnExecution();
    leaveALease();
    var orphans = Examination.by(new OrphanedExecutions(), database).report().findings();
    var leases = Examination.by(new StaleLeases(), database).report().findings();
    try (var held =
        Lease.take(database, Owner.thisProcess(), false, TimeSource.SYSTEM).orElseThrow()) {
      assertThat(Examination.by(new OrphanedExecutions(), database).findings()).isEmpty();
      assertThat(Examination.by(new StaleLeases(), database).findings()).isEmpty();

      // found before the process began, mended after
      for (var finding : List.of(orphans.get(0), leases.get(0))) {
        finding.fix().apply(done -> assertThat(done).startsWith("Another process has taken"));
      }
      assertThat(Rows.of(database, STATUSES)).containsExactly("STARTED", "UNKNOWN");
      assertThat(Rows.of(database, "SELECT epoch FROM undercurrent.lease"))
          .containsExactly("" + held.epoch());
    }
  }
}
