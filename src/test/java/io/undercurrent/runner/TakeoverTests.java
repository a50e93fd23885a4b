package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.RecordedLog;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@PostgresTest
class TakeoverTests {

  /** Iterations begin when a test lets them. */
  private final ScriptedController script = new ScriptedController().target(Duration.ofNanos(1));

  @Test
  void commitsNothingOnceAnotherProcessHasTakenOver(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    List<String> log;
    try (var recorded = new RecordedLog(DatabaseRunner.class);
        var engine =
            new Engine(database, script.controller(), job(counting("numbers", "numbers")))) {
      script.atIteration(2, () -> takeOver(database));
      engine.queue("numbers").steps();
      assertThat(script.events).last().asString().startsWith("exit");
      engine.step();
      log = recorded.messages();
    }

    assertThat(strings(database, "SELECT sum(n)::text FROM numbers")).containsExactly("100");
    assertThat(strings(database, COMMITS)).containsExactly("1");
    assertThat(strings(database, "SELECT status FROM undercurrent.batch_step_execution"))
        .containsExactly("STARTED");
    assertThat(strings(database, "SELECT owner FROM undercurrent.lease"))
        .containsExactly("another process");
    assertThat(log).hasSize(2);
    assertThat(log.get(0))
        .endsWith(
            "does not run the updates of 'master' any more: another process or server has taken over");
    assertThat(log.get(1)).isEqualTo("master is run by another process; standing by");
  }

  @Test
  void standsByUntilTheOtherOneEnds(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    var job = job(counting("numbers", "numbers"));
    try (var standbys = new Database(database.settings());
        var standby = new Engine(standbys, new ScriptedController().controller(), job)) {
      try (var first = new Engine(database, script.controller(), job)) {
        var entered = new AtomicInteger();
        script.onEnter(
            () -> {
              switch (entered.incrementAndGet()) {
                case 2 -> assertThat(standby.step()).isEqualTo(Duration.ofMillis(500));
                case 3 -> first.stop();
                default -> {}
              }
              return null;
            });
        first.queue("numbers").step();
        assertThat(strings(database, COMMITS)).containsExactly("2");
      }
      standby.work();
    }

    assertThat(strings(database, EXECUTIONS)).containsExactly("STOPPED", "COMPLETED");
    assertThat(strings(database, "SELECT min(n) || ' to ' || max(n) FROM numbers"))
        .containsExactly("1 to 1");
    assertThat(strings(database, "SELECT epoch::text FROM undercurrent.lease"))
        .containsExactly("2");
  }

  private static final String EXECUTIONS =
      "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id";
  private static final String COMMITS =
      "SELECT commit_count::text FROM undercurrent.batch_step_execution";

  /** What another process does, but for its work. */
  private static void takeOver(Database database) {
    database
        .jdbc()
        .sql(
            """
            UPDATE undercurrent.lease
               SET epoch = epoch + 1, owner = 'another process', owner_id = 'another',
                   expires_at = clock_timestamp() + interval '1 hour'""")
        .update();
    database
        .jdbc()
        .sql(
            """
            INSERT INTO undercurrent.lease_backends (epoch, pid, backend_start)
            SELECT epoch, pid, backend_start
              FROM undercurrent.lease
             CROSS JOIN pg_stat_activity
             WHERE pid = pg_backend_pid()
                ON CONFLICT (pid, backend_start) DO UPDATE SET epoch = excluded.epoch""")
        .update();
  }

  private static List<String> strings(Database database, String sql) {
    return database.jdbc().sql(sql).query(String.class).list();
  }
}
