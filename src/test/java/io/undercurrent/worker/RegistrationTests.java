package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.Wishes;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.time.TimeSource;
import io.undercurrent.worker.WorkerTable.Entry;
import java.time.Instant;
import org.junit.jupiter.api.Test;

@PostgresTest
class RegistrationTests {

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
