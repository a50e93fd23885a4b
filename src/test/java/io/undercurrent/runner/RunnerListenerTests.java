package io.undercurrent.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@PostgresTest
class RunnerListenerTests {

  @Test
  void isToldThatAnErrorHasEndedTheRunnerAndThatTheLeaseIsGone(Database database) {
    new UpdateQueue(database).add("count", List.of(new NewUpdate("count", null, 0)));
    var listener = new RecordingListener();
    var runner =
        new DatabaseRunner(
            database,
            Owner.thisProcess(),
            update -> {
              throw new NoClassDefFoundError("update " + update);
            },
            new RunnerContext(
                new ScriptedController().controller(),
                Beans.NONE,
                listener,
                Clock.systemUTC(),
                TimeSource.SYSTEM));

    assertThatThrownBy(runner::run).isInstanceOf(NoClassDefFoundError.class);

    assertThat(listener.events)
        .containsExactly("began", "lease renewed", "lease gone", "ended, stopped: false");
  }

  private static final class RecordingListener implements RunnerListener {

    private final List<String> events = new ArrayList<>();

    @Override
    public void began(String database) {
      events.add("began");
    }

    @Override
    public void ended(String database, boolean stopped) {
      events.add("ended, stopped: " + stopped);
    }

    @Override
    public void leaseRenewed(String database) {
      events.add("lease renewed");
    }

    @Override
    public void leaseGone(String database) {
      events.add("lease gone");
    }
  }
}
