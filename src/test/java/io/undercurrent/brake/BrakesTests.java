package io.undercurrent.brake;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.index;
import static io.undercurrent.testing.Engine.job;
import static io.undercurrent.testing.Engine.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.JobFile;
import io.undercurrent.queue.Pauses;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.ScriptedSignal;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class BrakesTests {

  private static final String ENDED =
      "SELECT 1 FROM undercurrent.batch_job_execution WHERE status = '%s' HAVING count(*) >= %d";

  private static final String INDEXES =
      "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'numbers'::regclass AND NOT indisprimary";

  private final ScriptedController script = new ScriptedController();
  private final ScriptedSignal signal = new ScriptedSignal();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 1_000);
  }

  @Test
  void holdAndLetGoBetweenIterations(Database database) throws Exception {
    script.atIteration(3, () -> signal.set(34).awaitSeen());
    try (var engine = engine(database, job(inChunksOf(100, counting("numbers", "numbers"))))) {
      engine.queue("numbers").run();
      awaitState(engine, UpdateState.HELD);

      assertThat(done(database)).isEqualTo(200);
      assertThat(engine.status().reason())
          .matches(
              "numbers: held since .*: scripted is 34 s; it holds above 10 s, and goes on at 8 s or less\\. See all signals with: health");
      signal.set(9).awaitSeen();
      assertThat(state(engine)).isEqualTo(UpdateState.HELD);

      signal.set(8);
      engine.awaitEmptyQueue();
    }
    assertThat(done(database)).isEqualTo(1000);
    assertThat(Rows.of(database, "SELECT signal FROM undercurrent.holds")).isEmpty();
    assertThat(Rows.of(database, "SELECT activity FROM undercurrent.run_times WHERE ms > 0"))
        .contains("working", "held:scripted");
  }

  @Test
  void holdTheFirstIterationUntilEachSignalWasLookedAt(Database database) throws Exception {
    var looking = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    signal.set(
        look -> {
          looking.countDown();
          await(answer);
          return ScriptedSignal.value(0);
        });
    try (var engine = engine(database, job(inChunksOf(100, counting("numbers", "numbers"))))) {
      engine.queue("numbers").run();
      await(looking);
      script.awaitIteration(1);
      assertThat(done(database)).isZero();

      answer.countDown();
      engine.awaitEmptyQueue();
    }
  }

  @Test
  void pauseAnUpdateForGoodWhereItIsCritical(Database database) throws Exception {
    script.atIteration(3, () -> signal.set(101).awaitSeen());
    try (var engine = engine(database, job(inChunksOf(100, counting("numbers", "numbers"))))) {
      engine.queue("numbers").run();
      awaitState(engine, UpdateState.PAUSED);
      assertThat(done(database)).isEqualTo(200);
      signal.set(0).awaitSeen();

      assertThat(engine.status().reason())
          .contains("paused by undercurrent", "(scripted is 101 s, critical above 100 s)");
      assertThat(
              Rows.of(
                  database,
                  "SELECT concat_ws(' ', operator, came_by, action, subject, after) FROM undercurrent.actions"))
          .containsExactly("undercurrent runner pause numbers paused");
      Rows.run(database, "DELETE FROM undercurrent.pauses");
      engine.awaitEmptyQueue();
    }
  }

  @Test
  void holdAllLanes(Database database) throws Exception {
    var held = new CountDownLatch(4);
    script.onEnter(
        () -> {
          held.countDown();
          signal.set(34).awaitSeen();
          return null;
        });
    var counting = inChunksOf(10, counting("numbers", "numbers"));
    try (var engine = engine(database, job(counting.with(counting.options().inLanes(4))))) {
      engine.queue("numbers").run();
      await(held);
      awaitState(engine, UpdateState.HELD);

      assertThat(done(database)).isZero();
      assertThat(engine.status().reason()).contains("held since", "scripted is 34 s");
      script.onEnter(() -> null);
      signal.set(0);
      engine.awaitEmptyQueue();
    }
    assertThat(done(database)).isEqualTo(1000);
  }

  @Test
  void keepNobodyFromStoppingOrPausing(Database database) throws Exception {
    signal.set(34);
    var engine = engine(database, job(counting("numbers", "numbers"))).queue("numbers").run();
    awaitState(engine, UpdateState.HELD);

    new Pauses(database).add("numbers", "lunch", "anna", null);
    awaitState(engine, UpdateState.PAUSED);
    Rows.await(database, ENDED.formatted("STOPPED", 1));
    new Pauses(database).remove("numbers");
    awaitState(engine, UpdateState.HELD);
    Rows.await(database, ENDED.formatted("STARTED", 1));
    engine.close();

    assertThat(Rows.of(database, ENDED.formatted("STOPPED", 2))).isNotEmpty();
    assertThat(Rows.of(database, "SELECT signal FROM undercurrent.holds")).isEmpty();
    assertThat(done(database)).isZero();
  }

  @Test
  void holdAnIndexBuildBeforeItsBegin(Database database) throws Exception {
    signal.set(34);
    var build = update("numbers", index("numbers", false, null));
    try (var engine = engine(database, job(build))) {
      engine.queue("numbers").run();
      awaitState(engine, UpdateState.HELD);
      assertThat(Rows.of(database, INDEXES)).isEmpty();

      signal.set(0);
      engine.awaitEmptyQueue();
    }
    assertThat(Rows.of(database, INDEXES)).containsExactly("numbers_n");
  }

  @Test
  void areNotBelievedOfAProcessThatHasLostTheLease(Database database) throws Exception {
    signal.set(34);
    try (var engine = engine(database, job(counting("numbers", "numbers")))) {
      engine.queue("numbers").run();
      awaitState(engine, UpdateState.HELD);
      signal.set(
          look -> {
            throw new IllegalStateException("this process is at its end");
          });

      Rows.run(
          database,
          "UPDATE undercurrent.lease SET epoch = epoch + 1, owner = 'another', owner_id = 'another'");

      assertThat(state(engine)).isEqualTo(UpdateState.RUNNING);
      Rows.await(database, ENDED.formatted("STOPPED", 0));
    }
  }

  private Engine engine(Database database, JobFile job) {
    return new Engine(
        database, new RunnerContext(script.controller(), Beans.NONE).watching(signal.alone()), job);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitState(Engine engine, UpdateState state) {
    Engine.await().until(() -> state(engine) == state);
  }

  private static UpdateState state(Engine engine) {
    return engine.status().queued("numbers").map(UpdateView::state).orElse(null);
  }

  private static long done(Database database) {
    return database.jdbc().sql("SELECT sum(n) FROM numbers").query(Long.class).single();
  }
}
