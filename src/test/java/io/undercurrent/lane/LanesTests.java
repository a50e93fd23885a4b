package io.undercurrent.lane;

import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.statements;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.page.Read;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.status.RunReader;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing but that each row is read once keeps it from being copied twice. */
@PostgresTest
class LanesTests {

  private static final int ROWS = 2_000;
  private static final String COPY = "INSERT INTO copied SELECT id FROM chunk";

  private final ScriptedController script = new ScriptedController();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", ROWS);
    Rows.run(database, "CREATE TABLE copied (id bigint)");
  }

  @Test
  void worksOnAsManySlicesAtATimeAsThereAreLanes(Database database) throws Exception {
    var together = new CountDownLatch(4);
    script.onEnter(
        () -> {
          together.countDown();
          assertThat(together.await(1, TimeUnit.MINUTES)).isTrue();
          return null;
        });

    finish(database, copying(4));

    assertCopiedOnce(database);
    assertThat(steps(database))
        .hasSize(17)
        .contains("copying:lanes COMPLETED 0", "copying:slice1 COMPLETED 126");
    assertThat(Rows.of(database, "SELECT exit_code FROM undercurrent.batch_job_execution"))
        .containsExactly("COMPLETED");
  }

  @Test
  void isOneSliceWhereThereIsLittleToDo(Database database) throws Exception {
    Rows.run(database, "DELETE FROM numbers WHERE id > 150", "ANALYZE numbers");

    finish(database, copying(4));

    assertThat(steps(database))
        .containsExactly("copying:lanes COMPLETED 0", "copying:slice1 COMPLETED 150");
  }

  @Test
  void endsWhereThereIsNothingToDo(Database database) throws Exception {
    Rows.run(database, "TRUNCATE numbers");

    finish(database, copying(4));

    assertThat(steps(database))
        .containsExactly("copying:lanes COMPLETED 0", "copying:slice1 COMPLETED 0");
  }

  @Test
  void leavesOutWhatIsInsertedMeanwhile(Database database) throws Exception {
    script.atIteration(
        1, () -> Rows.run(database, "INSERT INTO numbers SELECT generate_series(5000, 5100)"));

    finish(database, copying(4));

    assertCopiedOnce(database);
  }

  @Test
  void goesOnWithEverySliceWhereItWas(Database database) throws Exception {
    var pauses = new Pauses(database);
    script.atIteration(
        14,
        () -> {
          pauses.add("copying", "lunch", "anna", null);
          ScriptedController.sleep();
        });
    try (var engine = new Engine(database, script.controller(), job(copying(4)))) {
      engine.queue("copying").steps();
      assertThat(executions(database)).containsExactly("STOPPED");
      assertThat(steps(database)).contains("copying:lanes STOPPED 0");

      pauses.remove("copying");
      engine.steps();
    }

    assertThat(executions(database)).containsExactly("STOPPED", "COMPLETED");
    assertCopiedOnce(database);
  }

  /** As once an operator has accepted another definition. */
  @Test
  void goesOnInOneLaneWhereChunksDependOnEachOtherByNow(Database database) throws Exception {
    var pauses = new Pauses(database);
    script.atIteration(
        14,
        () -> {
          pauses.add("copying", "lunch", "anna", null);
          ScriptedController.sleep();
        });
    try (var engine = new Engine(database, script.controller(), job(copying(4)))) {
      engine.queue("copying").steps();
    }
    pauses.remove("copying");
    Rows.run(database, "UPDATE undercurrent.runs SET definition = NULL");
    var lanes = ConcurrentHashMap.<String>newKeySet();
    script.onEnter(
        () -> {
          lanes.add(Thread.currentThread().getName());
          return null;
        });

    var missing =
        new ReadWrite(
            new Read.Table("numbers", List.of("id"), null),
            null,
            statements(
                COPY
                    + " WHERE NOT EXISTS (SELECT FROM copied AS other WHERE other.id = chunk.id)"));
    try (var engine =
        new Engine(
            database,
            script.controller(),
            job(inLanes(4, inChunksOf(50, update("copying", missing)))))) {
      engine.steps();
    }

    assertThat(lanes).hasSize(1);
    assertCopiedOnce(database);
  }

  @Test
  void cancelsAllLanes(Database database) throws Exception {
    script.atIteration(
        10,
        () -> {
          new UpdateQueue(database).cancel("copying");
          ScriptedController.sleep();
        });
    try (var engine = new Engine(database, script.controller(), job(copying(4)))) {
      engine.queue("copying").steps();
    }

    assertThat(executions(database)).containsExactly("STOPPED");
    assertThat(Rows.of(database, "SELECT outcome FROM undercurrent.runs"))
        .containsExactly("CANCELLED");
  }

  @Test
  void failsWithTheSliceThatFailsAndTakesUpAllThatAreLeft(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE copied ADD CONSTRAINT bad CHECK (id <> 1777)");
    try (var engine = new Engine(database, script.controller(), job(copying(4)))) {
      engine.queue("copying").steps();

      var failed = engine.queue.find("copying").orElseThrow();
      assertThat(failed.lastError()).contains("violates check constraint \"bad\"");
      assertThat(failed.lastError()).contains("at the key [1777]");
      assertThat(executions(database)).containsExactly("FAILED");

      Rows.run(database, "ALTER TABLE copied DROP CONSTRAINT bad");
      engine.queue.forgetFailures("copying", 1);
      engine.work();
    }
    assertThat(executions(database)).containsExactly("FAILED", "COMPLETED");
    assertCopiedOnce(database);
  }

  @Test
  void putsAsideRowsOfAllSlices(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE copied ADD CHECK (id % 500 > 0)");

    finish(database, copying(4).with(new QuarantineLimit(4, null)));

    assertThat(Rows.of(database, "SELECT key FROM undercurrent.quarantine ORDER BY put_at"))
        .containsExactlyInAnyOrder("[\"500\"]", "[\"1000\"]", "[\"1500\"]", "[\"2000\"]");
    assertThat(Rows.of(database, "SELECT exit_code FROM undercurrent.batch_job_execution"))
        .containsExactly("COMPLETED WITH QUARANTINE");
    assertThat(Rows.of(database, "SELECT count(DISTINCT id) || ' ' || count(*) FROM copied"))
        .containsExactly("1996 1996");
  }

  @Test
  void countsRowsOfAllSlicesAgainstTheLimit(Database database) throws Exception {
    Rows.run(database, "ALTER TABLE copied ADD CHECK (id % 500 > 0)");
    var definition = copying(4).with(new QuarantineLimit(3, null));
    try (var engine = new Engine(database, script.controller(), job(definition))) {
      engine.queue("copying").steps();

      assertThat(engine.queue.find("copying").orElseThrow().lastError())
          .startsWith("expected at most 3 rows of run 1 to fail ('on-error'), found 4");
    }
  }

  @Test
  void goesOnInAsManyLanesAsAreWanted(Database database) throws Exception {
    script.atIteration(
        5,
        () -> {
          want(database, 4);
          ScriptedController.sleep();
        });
    try (var engine = new Engine(database, script.controller(), job(copying(1)))) {
      engine.queue("copying").step();
      assertThat(steps(database)).containsExactly("copying STOPPED 200");
      assertThat(engine.queue.find("copying").orElseThrow().run()).isEqualTo(1);

      script.atIteration(10, () -> want(database, 2));
      engine.steps();
    }

    assertThat(executions(database)).containsExactly("STOPPED", "COMPLETED");
    assertCopiedOnce(database);
    assertThat(
            Rows.of(
                database,
                "SELECT sum(read_count) || ' ' || count(*) FROM undercurrent.batch_step_execution"))
        .containsExactly(ROWS + " 18");
  }

  @Test
  void beginsWhereTheRunDoesIfNothingWasDoneBeforeItWasCut(Database database) throws Exception {
    script.atIteration(
        1,
        () -> {
          want(database, 4);
          ScriptedController.sleep();
        });

    finish(database, copying(1));

    assertCopiedOnce(database);
    var run = RunReader.last(database.jdbc(), "copying", 1);
    assertThat(run.beginOf(run.slices().get(0))).isNull();
  }

  @Test
  void forgetsFailuresFromBeforeItWasCut(Database database) throws Exception {
    try (var engine = new Engine(database, script.controller(), job(copying(4)))) {
      engine.queue("copying");
      engine.queue.failed("copying", 1, "no lane could begin", null, Duration.ZERO, true);
      engine.work();
    }

    assertThat(Rows.of(database, "SELECT failures_in_row FROM undercurrent.runs"))
        .containsExactly("0");
  }

  @Test
  void ignoresANumberOfLanesThatANewerVersionHasSet(Database database) throws Exception {
    try (var engine = new Engine(database, script.controller(), job(copying(2)))) {
      engine.queue("copying");
      want(database, "auto");

      assertThat(engine.status().queued()).isEqualTo(1);
      engine.work();
    }

    assertThat(steps(database)).hasSize(9);
  }

  @Test
  void addsUpInSharedRows(Database database) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE totals (k int PRIMARY KEY, n bigint NOT NULL)",
        "INSERT INTO totals SELECT generate_series(0, 2), 0");
    var counting =
        update(
            "copying",
            new ReadWrite(
                new Read.Table("numbers", List.of("id"), null),
                null,
                statements(
                    "UPDATE totals SET n = n + 1 FROM (SELECT 1 FROM chunk LIMIT 1) AS c WHERE k = (SELECT min(id) FROM chunk) % 3",
                    "UPDATE totals SET n = n + 1 FROM (SELECT 1 FROM chunk LIMIT 1) AS c WHERE k = (SELECT max(id) FROM chunk) % 3")));

    finish(database, inLanes(2, inChunksOf(50, counting)));

    assertThat(
            Rows.of(
                database,
                "SELECT sum(n) = 2 * (SELECT sum(commit_count) FROM undercurrent.batch_step_execution) FROM totals"))
        .containsExactly("t");
  }

  @Test
  void hasUpdatesOfTheLongestNameInOneLane(Database database) throws Exception {
    var most = "a".repeat(90);
    var longer = "b".repeat(91);

    finish(database, inLanes(2, inChunksOf(50, update(most, copy()))));

    assertCopiedOnce(database);
    assertThat(steps(database)).contains(most + ":slice1 COMPLETED 251");
    assertThat(update(longer, copy()).undivided())
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("a name of more than 90 characters"));
  }

  private static UpdateDefinition copying(int lanes) {
    return inLanes(lanes, inChunksOf(50, update("copying", copy())));
  }

  private static UpdateDefinition inLanes(int lanes, UpdateDefinition update) {
    return update.with(update.options().inLanes(lanes));
  }

  private static ReadWrite copy() {
    return new ReadWrite(new Read.Table("numbers", List.of("id"), null), null, statements(COPY));
  }

  private void finish(Database database, UpdateDefinition definition) throws Exception {
    new Engine(database, script.controller(), job(definition)).queue(definition.name()).finish();
  }

  private static void want(Database database, int lanes) {
    want(database, String.valueOf(lanes));
  }

  private static void want(Database database, String lanes) {
    Rows.run(
        database,
        "INSERT INTO undercurrent.knobs (update_name, name, value, set_by) VALUES ('copying', 'lanes', '%1$s', 'anna') ON CONFLICT (update_name, name) DO UPDATE SET value = '%1$s'"
            .formatted(lanes));
  }

  private static void assertCopiedOnce(Database database) {
    assertThat(Rows.of(database, "SELECT count(DISTINCT id) || ' ' || count(*) FROM copied"))
        .containsExactly(ROWS + " " + ROWS);
  }

  private static List<@Nullable String> steps(Database database) {
    return Rows.of(
        database,
        """
        SELECT concat_ws(' ', step_name, status, read_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }

  private static List<@Nullable String> executions(Database database) {
    return Rows.of(
        database, "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id");
  }
}
