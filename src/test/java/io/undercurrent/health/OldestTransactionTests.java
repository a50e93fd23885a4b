package io.undercurrent.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.state.Measure.Unit;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.OtherSession;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

@PostgresTest
class OldestTransactionTests {

  private final OldestTransaction signal = new OldestTransaction(OldestTransaction.OWN);

  @Test
  void namesTheSessionWithTheOldestSnapshot(Database database) throws Exception {
    try (var old = OldSnapshot.hold(database);
        var young = OldSnapshot.hold(database)) {
      Engine.await().until(() -> Looking.figure(database, signal) > 0.3);

      var reading = Looking.value(database, signal);
      assertThat(reading.subject()).isEqualTo("session " + old.pid());
      assertThat(reading.detail())
          .isEqualTo(
              "report (user postgres), idle in transaction; end it with: SELECT pg_terminate_backend(%d)"
                  .formatted(old.pid()));
    }
  }

  @Test
  void holdsARunUntilItEnds(Database database) throws Exception {
    var afterASecond =
        new OldestTransaction(new Limits(1.0, null, Duration.ZERO, true, Unit.SECONDS));
    var old = new AtomicReference<OldSnapshot>();
    try (var run = new HeldRun(database, "snapshots", afterASecond)) {
      var why = run.whenIn(() -> old.set(OldSnapshot.hold(database)));
      assertThat(why)
          .contains("oldest-transaction of session %d is ".formatted(old.get().pid()))
          .contains("(report (user postgres), idle in transaction; end it with: ");

      old.get().close();
      run.goesOn();
    }
  }

  @Test
  void leavesOutOursAndWhatHoldsNothing(Database database) throws Exception {
    try (var ours = database.connect("undercurrent shell");
        var reader = OtherSession.begin(database)) {
      ours.setAutoCommit(false);
      ours.createStatement().execute("SELECT txid_current()");
      reader.run("SELECT 1");
      // the one before keeps its snapshot until there is another one
      reader.run("SET LOCAL lock_timeout = 0");

      assertThat(Looking.at(database, signal))
          .isEqualTo(new Reading.Nothing("no transaction is open"));
    }
  }

  @Test
  void measuresWhatARoleMayNotSeeFromWhenItWasSeen(TestDatabases databases, Database database)
      throws Exception {
    var blind = databases.as("blind_watch", database);
    try (var old = OtherSession.begin(database)) {
      old.run("SELECT txid_current()");
      assertThat(Looking.figure(blind, signal)).isZero();

      Rows.of(database, "SELECT txid_current()");
      Looking.figure(blind, signal);
      Engine.await().until(() -> Looking.figure(blind, signal) > 0);
      assertThat(Looking.value(blind, signal).detail())
          .isEqualTo("application (user postgres), seen so far");

      Rows.run(database, "GRANT pg_read_all_stats TO blind_watch");
      assertThat(Looking.value(blind, signal).detail())
          .startsWith("application (user postgres), idle in transaction; end it with: ");
    }
    Engine.await().until(() -> Looking.at(blind, signal) instanceof Reading.Nothing);
  }
}
