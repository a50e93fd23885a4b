package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.Wishes;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.time.TimeSource;
import io.undercurrent.worker.WorkerTable.Entry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class RegistrationTests {

  @Test
  void knowsWhatIsSetOfTheUpdateOfASlice(Database database) {
    database.prepare();
    new UpdateQueue(database).add("visit", List.of(new NewUpdate("visit", null, 0)));
    var update = new UpdateQueue(database).find("visit").orElseThrow();
    var slice = new SliceInHand(1, new Wishes(update), new StopSignal(TimeSource.SYSTEM));
    try (var registration =
        new Registration(
            database, new Entry("id", "name", "host", 1, "1"), () -> 1, TimeSource.SYSTEM)) {
      registration.start();
      Rows.await(database, "SELECT 1 FROM undercurrent.workers");
      Rows.run(
          database,
          "INSERT INTO undercurrent.claimed_slices (step_execution_id, worker) VALUES (1, 'id')");
      registration.begin(slice);
      new Knobs(database.jdbc()).set("visit", Knob.MAX, "7", "anna", null);

      Engine.await().until(() -> Integer.valueOf(7).equals(slice.tuning().max()));
    }
  }

  @Test
  void holdsASliceUntilALiveRunnerLetsItGo(Database database) {
    database.prepare();
    new UpdateQueue(database).add("visit", List.of(new NewUpdate("visit", null, 0)));
    Rows.run(
        database,
        "UPDATE undercurrent.lease SET epoch = 1, owner = 'a', owner_id = 'a', expires_at = now() + interval '1 h'",
        "INSERT INTO undercurrent.holds VALUES (1, 'lag', 1, NULL, 11, 10, 'SECONDS', NULL, now(), now())");
    var update = new UpdateQueue(database).find("visit").orElseThrow();
    var slice = new SliceInHand(1, new Wishes(update), new StopSignal(TimeSource.SYSTEM));
    try (var registration =
        new Registration(
            database, new Entry("id", "name", "host", 1, "1"), () -> 1, TimeSource.SYSTEM)) {
      registration.start();
      Rows.await(database, "SELECT 1 FROM undercurrent.workers");
      Rows.run(
          database,
          "INSERT INTO undercurrent.claimed_slices (step_execution_id, worker) VALUES (1, 'id')");
      registration.begin(slice);
      Rows.run(database, "UPDATE undercurrent.lease SET expires_at = now()");
      awaitLook(database, slice, 7);
      awaitLook(database, slice, 8);
      assertThat(slice.stop().isBraked()).isTrue();

      Rows.run(
          database, "UPDATE undercurrent.lease SET epoch = 2, expires_at = now() + interval '1 h'");
      Engine.await().until(() -> !slice.stop().isBraked());
    }
  }

  private static void awaitLook(Database database, SliceInHand slice, int max) {
    new Knobs(database.jdbc()).set("visit", Knob.MAX, "" + max, "anna", null);
    Engine.await().until(() -> Integer.valueOf(max).equals(slice.tuning().max()));
  }

  @Test
  void stopsASliceThatBeginsWhileTheWorkerEnds(Database database) {
    var update =
        new QueuedUpdate(
            "visit",
            "visit",
            1,
            null,
            0,
            Instant.EPOCH,
            0,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    var slice = new SliceInHand(1, new Wishes(update), new StopSignal(TimeSource.SYSTEM));
    try (var registration =
        new Registration(
            database, new Entry("id", "name", "host", 1, "1"), () -> 1, TimeSource.SYSTEM)) {
      registration.stopAll("the worker shuts down");

      registration.begin(slice);

      assertThat(slice.stop().cutReason()).isEqualTo("the worker shuts down");
    }
  }
}
