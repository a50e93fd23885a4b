package io.undercurrent.status;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.undercurrent.database.Database;
import io.undercurrent.history.History;
import io.undercurrent.history.Run;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.Knobs;
import io.undercurrent.state.Reason;
import io.undercurrent.status.CutRun.Part;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.Slice.State;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is seen of a run in several lanes: 200 rows were done in one, 800 were cut into four. */
@PostgresTest
class CutRunTests {

  private Database database;
  private CutRun run;

  @BeforeEach
  void begin(Database database) {
    this.database = database;
    createTable(database, "numbers", 1_000);
    run = CutRun.of(database, "numbers").whole(200, "200").manager(600);
  }

  /** One slice is done, two lanes are at work, the second at half of the pace. */
  private void cut() {
    wanted(2);
    run.slice(1, "COMPLETED", new Part(200, 200, 100, "400", "400"))
        .slice(2, "STARTED", new Part(100, 200, 100, "500", "600"))
        .slice(3, "STARTED", new Part(100, 200, 300, "700", "800"))
        .slice(4, "STARTING", new Part(0, 200, 100, "800", "1000"));
  }

  private void wanted(int lanes) {
    new Knobs(database.jdbc()).set("numbers", Knob.LANES, "" + lanes, "ann", null);
  }

  @Test
  void hasTheFiguresOfAllItsParts() {
    cut();

    var current = current();

    assertThat(current.work().slices())
        .extracting(Lane::slice)
        .containsExactly(
            new Slice(1, State.DONE),
            new Slice(2, State.AT_WORK),
            new Slice(3, State.AT_WORK),
            new Slice(4, State.WAITING));
    assertThat(current.items()).isEqualTo(600);
    assertThat(current.iterations()).isEqualTo(6);
    assertThat(current.counts().changed()).isEqualTo(600);
    assertThat(current.duration()).isEqualTo(Duration.ofMillis(800));
    // 100 rows in 100 ms, and in 300
    assertThat(current.itemsPerMs()).isBetween(1.33, 1.34);
    assertThat(current.work().beginOf(current.work().slices().get(0))).containsExactly("200");
    assertThat(current.work().beginOf(current.work().slices().get(3))).containsExactly("800");
  }

  @Test
  void takesWhatItsLastExecutionsHaveComeTo() {
    cut();
    run.execution(2)
        .manager(0)
        .slice(2, "STARTED", new Part(150, 200, 100, "550", "600"))
        .slice(3, "FAILED", new Part(100, 200, 100, "700", "800"))
        .slice(4, "STARTING", new Part(0, 200, 100, "800", "1000"));

    assertThat(current().items()).isEqualTo(650);
    assertThat(current().work().slices())
        .extracting(lane -> requireNonNull(lane.slice()).state())
        .containsExactly(State.DONE, State.AT_WORK, State.FAILED, State.WAITING);
  }

  @Test
  void estimatesWhatIsLeftForSoManyLanes() {
    cut();

    var progress = requireNonNull(current().progress());

    assertThat(progress.percent()).isBetween(59.9, 60.1);
    assertThat(progress.basis())
        .isEqualTo("600 of about 1,000 rows (planner's estimate), 1 of 4 slices done");
    // 400 rows, 250 of them in the same lane, at 150 ms and 150 of sleep
    var inTwo = requireNonNull(progress.timeLeftAtMost());
    assertThat(inTwo).isBetween(Duration.ofMillis(400), Duration.ofMillis(1_300));
    wanted(1);
    assertThat(requireNonNull(current().progress()).timeLeftAtMost()).isGreaterThan(inTwo);
  }

  @Test
  void estimatesByTheSlicesWhereNobodyKnowsTheRows() {
    run.slice(1, "STARTED", new Part(100, 0, 100, "300", "400"))
        .slice(2, "STARTING", new Part(0, 0, 100, "400", "600"));
    Rows.run(
        database,
        "UPDATE undercurrent.batch_step_execution SET start_time = start_time - interval '1 hour'");
    var progress = requireNonNull(current().progress());
    assertThat(progress.percent()).isZero();
    assertThat(progress.percentAtMost()).isEqualTo(50);
    assertThat(progress.timeLeft()).isNull();
    assertThat(progress.basis()).isEqualTo("by the slices, 0 of 2 slices done");

    Rows.run(
        database,
        "UPDATE undercurrent.batch_step_execution SET status = 'COMPLETED' WHERE step_name LIKE '%slice1'");

    // those that are left are as large as the one that is done
    assertThat(requireNonNull(current().progress()).percent()).isBetween(74.9, 75.1);
  }

  @Test
  void showsNoSinglePosition() {
    cut();

    var detail = reader().show("numbers");

    assertThat(detail.position()).isNull();
    assertThat(detail.end()).containsExactly("1000");
    assertThat(requireNonNull(detail.lastRun()).read()).isEqualTo(600);
  }

  @Test
  void countsInItsHistoryWhatEachPartHasDoneOnce() {
    cut();

    assertThat(history())
        .returns(600L, Run::read)
        .returns(600L, Run::written)
        .returns(600L, Run::changed)
        .returns(6L, Run::commits);

    run.execution(2).slice(2, "STARTED", new Part(150, 200, 100, "550", "600"));

    assertThat(history()).returns(650L, Run::changed).returns(1, Run::restarts);
  }

  @Test
  void saysHowTheLanesGetOn() {
    cut();

    var moving = reasons();

    assertThat(moving)
        .singleElement()
        .satisfies(
            reason -> {
              assertThat(reason.cause()).isEqualTo("moving");
              assertThat(reason.sentence())
                  .startsWith(
                      "2 lanes at work, 1 of 4 slices done (slice 3 is slow: 0.33 items/ms, the others 1.0): iteration 6 took 300 ms");
            });
  }

  @Test
  void namesTheLaneThatDoesNotGetOn() {
    cut();
    lastCommit("slice3", "10 minutes");
    assertThat(reasons()).extracting(Reason::cause).containsExactly("overdue", "moving");
    assertThat(reasons().get(0).sentence()).startsWith("slice 3 has committed nothing since");
    assertThat(reader().read().reason()).startsWith("numbers: slice 3 has committed nothing");

    lastCommit("slice2", "10 minutes");
    assertThat(reasons()).extracting(Reason::cause).containsExactly("overdue", "overdue");
  }

  @Test
  void holdsOnlyAsManyLanesAsAreWanted() {
    cut();
    wanted(1);
    lastCommit("slice3", "10 minutes");

    assertThat(current().work().count(State.HELD)).isOne();
    assertThat(reasons()).extracting(Reason::cause).containsExactly("moving");
    assertThat(reasons().get(0).sentence()).startsWith("1 lane at work, 1 of 4 slices done");
  }

  @Test
  void sleepsOnlyIfNoLaneGoesOn() {
    cut();
    Rows.run(
        database,
        "UPDATE undercurrent.lease SET sleeping_since = clock_timestamp() - interval '1 minute'");
    assertThat(reasons()).extracting(Reason::cause).containsExactly("moving");

    lastCommit("slice2", "2 minutes");
    lastCommit("slice3", "2 minutes");

    assertThat(reasons()).extracting(Reason::cause).containsExactly("sleeping");
    assertThat(reasons().get(0).sentence())
        .startsWith("The controller has held back all 2 lanes since");
  }

  @Test
  void countsTheLanesThatWaitForALock() throws Exception {
    cut();
    try (var blocker = database.connect("a report");
        var lane = database.connect("undercurrent")) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE numbers");
      Rows.run(
          database,
          """
          INSERT INTO undercurrent.lease_backends (epoch, pid, backend_start)
          SELECT epoch, pid, backend_start
            FROM undercurrent.lease, pg_stat_activity
           WHERE application_name = 'undercurrent'
             AND datname = current_database()""");
      var waiting =
          CompletableFuture.runAsync(
              () -> {
                try {
                  lane.createStatement().execute("UPDATE numbers SET n = 0 WHERE id = 1");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      Engine.await()
          .until(() -> reasons().stream().anyMatch(reason -> reason.cause().equals("lock-wait")));

      assertThat(reasons()).extracting(Reason::cause).containsExactly("lock-wait", "moving");
      assertThat(reasons().get(0).sentence())
          .matches("1 of 2 lanes has waited \\d+\\.\\d s for a lock on numbers, blocked by pid .*");
      blocker.rollback();
      waiting.join();
    }
  }

  @Test
  void isStoppedWhereItsRunnerIsGone() {
    cut();
    Rows.run(database, "UPDATE undercurrent.lease SET owner = NULL, expires_at = now()");

    assertThat(current().work().slices())
        .extracting(lane -> requireNonNull(lane.slice()).state(), Lane::percent)
        .containsExactly(
            tuple(State.DONE, 100.0),
            tuple(State.STOPPED, 50.0),
            tuple(State.STOPPED, 50.0),
            tuple(State.WAITING, 0.0));
    // on average, in each of the two lanes that are wanted
    assertThat(current().itemsPerMs()).isBetween(1.33, 1.34);
    wanted(1);
    assertThat(current().itemsPerMs()).isBetween(0.66, 0.67);
  }

  private void lastCommit(String step, String ago) {
    Rows.run(
        database,
        """
        UPDATE undercurrent.batch_step_execution
           SET last_updated = last_updated - interval '%s'
         WHERE step_name LIKE '%%:%s'"""
            .formatted(ago, step));
  }

  private CurrentUpdate current() {
    return requireNonNull(reader().read().current());
  }

  private List<Reason> reasons() {
    return Reason.of(reader().why("numbers"));
  }

  private Run history() {
    return new History(database).runsOf("numbers", 1).get(0);
  }

  private StatusReader reader() {
    return new StatusReader(
        database, Owner.thisProcess(), name -> Engine.defined(job(counting("numbers", "numbers"))));
  }
}
