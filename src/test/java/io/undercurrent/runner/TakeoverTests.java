package io.undercurrent.runner;

import static io.undercurrent.runner.Engine.counting;
import static io.undercurrent.runner.Engine.createTable;
import static io.undercurrent.runner.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.database.Database;
import io.undercurrent.database.PostgresTest;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

@PostgresTest
class TakeoverTests {

  /** Iterations begin when a test lets them. */
  private final Semaphore permits = new Semaphore(0);

  private final ScriptedController script = new ScriptedController().waitingFor(permits);

  @Test
  void commitsNothingOnceAnotherProcessHasTakenOver(Database database) throws Exception {
    createTable(database, "numbers", 1_000);
    try (var engine =
        new Engine(database, script.controller(), job(counting("numbers", "numbers")))) {
      engine.queue("numbers").run();
      permits.release();
      await().until(() -> strings(database, COMMITS).equals(List.of("1")));

      takeOver(database);
      permits.release(1_000);
      await()
          .until(
              () ->
                  script.events.size() > 3
                      && script.events.get(script.events.size() - 1).startsWith("exit"));
    }

    assertThat(strings(database, "SELECT sum(n)::text FROM numbers")).containsExactly("100");
    assertThat(strings(database, COMMITS)).containsExactly("1");
    assertThat(strings(database, "SELECT status FROM undercurrent.batch_step_execution"))
        .containsExactly("STARTED");
    assertThat(strings(database, "SELECT owner FROM undercurrent.lease"))
        .containsExactly("another process");
  }

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
