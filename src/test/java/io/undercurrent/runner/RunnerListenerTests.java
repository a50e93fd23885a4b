package io.undercurrent.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.Definitions;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@PostgresTest
class RunnerListenerTests {

  private static final String SESSIONS =
      """
      SELECT application_name
        FROM pg_stat_activity
       WHERE datname = current_database()
         AND application_name IN ('undercurrent lease', 'undercurrent runner')""";

  @Test
  void isToldThatAnErrorHasEndedTheRunnerAndThatTheLeaseIsGone(Database database) {
    new UpdateQueue(database).add("count", List.of(new NewUpdate("count", null, 0)));
    var listener = new RecordingListener();
    var runner =
        runner(
            database,
            listener,
            update -> {
              throw new NoClassDefFoundError("update " + update);
            });

    assertThatThrownBy(runner::run).isInstanceOf(NoClassDefFoundError.class);

    assertThat(listener.events)
        .containsExactly("began", "lease renewed", "lease gone", "ended, stopped: false");
  }

  @Test
  void leavesNoSessionsWhereItsWorkCannotBegin(Database database) {
    RunnerListener failing =
        new RunnerListener() {
          @Override
          public void leaseRenewed(String database) {
            throw new IllegalStateException("no");
          }
        };
    try (var runner = runner(database, failing, update -> Optional.empty())) {
      runner.runOnce();

      assertThat(runner.trouble()).isPresent();
      Rows.awaitNone(database, SESSIONS);
    }
  }

  private static DatabaseRunner runner(
      Database database, RunnerListener listener, Definitions definitions) {
    return new DatabaseRunner(
        database,
        Owner.thisProcess(),
        definitions,
        new RunnerContext(
            new ScriptedController().controller(),
            Beans.NONE,
            FailurePolicy.END_EXECUTION,
            listener,
            Clock.systemUTC(),
            TimeSource.SYSTEM));
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
