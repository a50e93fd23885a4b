package io.undercurrent.history;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class PurgeTests {

  private static final String RUNS =
      "SELECT update_name || ' ' || run FROM undercurrent.runs ORDER BY update_name, run";

  /** How many rows each of Spring Batch's tables has. */
  private static final String BATCH_ROWS =
      """
      SELECT concat_ws(' ', (SELECT count(*) FROM undercurrent.batch_job_instance),
                            (SELECT count(*) FROM undercurrent.batch_job_execution),
                            (SELECT count(*) FROM undercurrent.batch_job_execution_params),
                            (SELECT count(*) FROM undercurrent.batch_job_execution_context),
                            (SELECT count(*) FROM undercurrent.batch_step_execution),
                            (SELECT count(*) FROM undercurrent.batch_step_execution_context))""";

  private final Instant before = Instant.now().minus(90, ChronoUnit.DAYS);
  private Database database;
  private Engine engine;
  private Purge purge;

  @BeforeEach
  void open(Database database) {
    this.database = database;
    this.purge = new Purge(database.jdbc(), database.transactions());
    createTable(database, "halls", 10);
    createTable(database, "rooms", 10);
    engine =
        new Engine(
            database,
            new ScriptedController().controller(),
            job(counting("halls", "halls")),
            job(counting("rooms", "rooms")));
  }

  @AfterEach
  void close() throws InterruptedException {
    engine.close();
  }

  private void run(String job) {
    engine.queue(job).work();
  }

  private void age() {
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET ended_at = ended_at - interval '91 days'",
        "UPDATE undercurrent.actions SET at = at - interval '91 days'",
        "DELETE FROM undercurrent.samples");
  }

  @Test
  void removesOldRunsWithAllThatSpringBatchKnowsOfThem() {
    run("halls");
    run("halls");
    run("halls");
    run("rooms");
    age();
    assertThat(Rows.of(database, BATCH_ROWS)).containsExactly("4 4 12 4 4 4");
    assertThat(purge.count(before)).isEqualTo(new Purged(2, 2, 0, 0));

    assertThat(purge.next(before)).isEqualTo(new Purged(2, 2, 0, 0));

    assertThat(Rows.of(database, RUNS)).containsExactly("halls 3", "rooms 1");
    assertThat(Rows.of(database, BATCH_ROWS)).containsExactly("2 2 6 2 2 2");
    assertThat(purge.next(before)).isEqualTo(Purged.NOTHING);
    assertThat(purge.count(before)).isEqualTo(Purged.NOTHING);
  }

  @Test
  void removesWhatRunsHaveDoneByTheMinute() {
    run("halls");
    run("halls");
    run("rooms");
    age();
    Rows.run(
        database,
        """
        INSERT INTO undercurrent.samples (
          update_name, run, at, ms, items, iterations, iteration_ms, times)
        SELECT name, 1, now() - interval '91 days' + number * interval '1 ms', 1, 1, 1, 1, '{}'
          FROM unnest(ARRAY['halls', 'rooms']) name, generate_series(1, 5500) number""",
        "INSERT INTO undercurrent.run_times VALUES ('gone', 1, 'working', 1)");
    assertThat(purge.count(before)).isEqualTo(new Purged(1, 1, 0, 11_000));

    assertThat(purge.next(before)).isEqualTo(new Purged(0, 0, 0, 10_000));
    assertThat(purge.next(before)).isEqualTo(new Purged(1, 1, 0, 1_000));
    assertThat(purge.next(before)).isEqualTo(Purged.NOTHING);
    purge.nextSamples(before);

    assertThat(
            Rows.of(
                database,
                "SELECT DISTINCT update_name || ' ' || run FROM undercurrent.run_times ORDER BY 1"))
        .containsExactly("halls 2", "rooms 1");
  }

  @Test
  void letsTheNextRunCountOnFromTheNewestOne() {
    run("halls");
    run("halls");
    age();
    purge.next(before);

    run("halls");

    assertThat(Rows.of(database, RUNS)).containsExactly("halls 2", "halls 3");
    assertThat(Rows.of(database, "SELECT DISTINCT n FROM halls")).containsExactly("3");
    assertThat(new History(database).runs(10)).extracting(Run::executions).containsExactly(1, 1);
  }

  @Test
  void keepsWhatIsNotOldOrHasNotEnded() {
    run("halls");
    run("halls");
    age();
    run("halls");
    engine.queue("halls");
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET ended_at = now() - interval '89 days' WHERE run = 3");

    assertThat(purge.next(before)).isEqualTo(new Purged(2, 2, 0, 0));
    assertThat(Rows.of(database, RUNS)).containsExactly("halls 3", "halls 4");
  }

  @Test
  void keepsARunWhoseExecutionHasNotEnded() {
    run("halls");
    run("halls");
    run("halls");
    age();
    Rows.run(
        database,
        """
        UPDATE undercurrent.batch_job_execution
           SET status = 'STOPPING'
         WHERE job_execution_id = (SELECT min(job_execution_id)
                                     FROM undercurrent.batch_job_execution)""");

    assertThat(purge.count(before)).isEqualTo(new Purged(1, 1, 0, 0));
    assertThat(purge.next(before)).isEqualTo(new Purged(1, 1, 0, 0));
    assertThat(Rows.of(database, RUNS)).containsExactly("halls 1", "halls 3");
  }

  @Test
  void keepsARunWithRowsInQuarantine() {
    run("halls");
    run("halls");
    run("halls");
    age();
    Rows.run(
        database,
        "INSERT INTO undercurrent.quarantine (update_name, run, key, message) VALUES ('halls', 1, '[7]', 'no')");

    assertThat(purge.count(before)).isEqualTo(new Purged(1, 1, 0, 0));
    assertThat(purge.next(before)).isEqualTo(new Purged(1, 1, 0, 0));
    assertThat(Rows.of(database, RUNS)).containsExactly("halls 1", "halls 3");
  }

  @Test
  void removesSoManyAtATime() {
    Rows.run(
        database,
        """
        INSERT INTO undercurrent.runs (update_name, run, job_name, queued_at, ended_at, outcome)
        SELECT 'it''s, "old"', run, 'old', '2020-01-01', '2020-01-01', 'CANCELLED'
          FROM generate_series(1, 251) AS run""",
        """
        INSERT INTO undercurrent.actions (at, operator, came_by, address, action)
        SELECT '2020-01-01', 'ann', 'console', 'here', 'pause' FROM generate_series(1, 1100)""");

    assertThat(purge.next(before)).isEqualTo(new Purged(100, 0, 1_000, 0));
    assertThat(purge.next(before)).isEqualTo(new Purged(100, 0, 100, 0));
    assertThat(purge.next(before)).isEqualTo(new Purged(50, 0, 0, 0));
    assertThat(purge.next(before).isNothing()).isTrue();
  }
}
