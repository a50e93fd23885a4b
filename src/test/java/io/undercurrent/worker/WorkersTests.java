package io.undercurrent.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.status.WorkerView;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.worker.SharedRun.Visits;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class WorkersTests {

  private static final String ONE_IN_HAND =
      "SELECT 1 FROM undercurrent.claimed_slices JOIN undercurrent.batch_step_execution USING (step_execution_id) WHERE status = 'STARTED'";

  private SharedRun run;

  @BeforeEach
  void open(Database database, @TempDir Path home) throws Exception {
    run = new SharedRun(home, database);
  }

  @AfterEach
  void close() {
    run.close();
  }

  @Test
  void refuseRequestsThatTheRowsDoNotBearOut(Database database) throws Exception {
    run.worker();
    run.begin();
    run.awaitVisitsByWorkers();
    assertThat(WorkerView.list(database.jdbc()))
        .singleElement()
        .matches(WorkerView::alive)
        .matches(worker -> worker.doing().contains("visit:slice"), "works on slices");

    var requests = requests(database);
    requests.forEach(run::send);
    requests.forEach(run::send);
    run.assertAllVisitedOnce();
    requests(database).forEach(run::send);
    run.engine().updates.start("master", "visit");

    run.engine().awaitEmptyQueue();
    assertThat(Rows.of(database, "SELECT DISTINCT count(*) FROM visits GROUP BY place"))
        .as("two runs, and nothing more")
        .containsExactly("2");
  }

  /** Those for all slices, with the right version and with an older one. */
  private static List<SliceRequest> requests(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT job_execution_id, step_execution_id, step_name, epoch, version - older AS version
              FROM undercurrent.batch_step_execution, undercurrent.lease,
                   generate_series(0, 1) AS older
             WHERE step_name LIKE '%:slice%'""")
        .query(
            (row, number) ->
                new SliceRequest(
                    "master",
                    row.getLong("job_execution_id"),
                    row.getLong("step_execution_id"),
                    row.getString("step_name"),
                    row.getLong("epoch"),
                    row.getLong("version")))
        .list();
  }

  @Test
  void stopForAPauseAndForTheirOwnEnd(Database database) throws Exception {
    var worker = run.worker();
    run.begin();
    run.awaitVisitsByWorkers();

    run.engine().updates.pause("master", "visit", null, "test", null);
    Rows.await(database, "SELECT 1 FROM undercurrent.batch_job_execution WHERE status = 'STOPPED'");
    assertThat(Rows.of(database, ONE_IN_HAND)).isEmpty();
    run.engine().updates.resume("master", "visit");
    Rows.await(database, ONE_IN_HAND);
    worker.close();

    run.assertAllVisitedOnce();
    assertThat(run.visitors()).containsExactly("runner", "workers");
  }

  @Test
  void waitWhereTheRunnersDatabaseIsNotWell(Database database) throws Exception {
    run.worker();
    run.begin();
    run.awaitVisitsByWorkers();

    run.signal.set(34);
    Rows.await(database, "SELECT 1 FROM undercurrent.holds");
    var visits = run.awaitNoMoreVisits();
    assertThat(visits).isLessThan(1500);
    assertThat(Rows.of(database, ONE_IN_HAND)).isNotEmpty();

    run.signal.set(0);
    run.assertAllVisitedOnce();
  }

  @Test
  void areGivenAnewWhatHasEndedWithoutAKnownOutcome(Database database) throws Exception {
    run.worker();
    run.begin();
    run.awaitVisitsByWorkers();

    Rows.run(
        database,
        """
        WITH ended AS (
          UPDATE undercurrent.batch_step_execution step
             SET status = 'UNKNOWN', end_time = now(), version = version + 1
            FROM undercurrent.claimed_slices claimed
           WHERE step.step_execution_id = claimed.step_execution_id
             AND status = 'STARTED'
          RETURNING step.step_execution_id
        )
        DELETE FROM undercurrent.claimed_slices USING ended
         WHERE claimed_slices.step_execution_id = ended.step_execution_id""");

    run.assertAllVisitedOnce();
  }

  @Test
  void sayWhichBeanTheyLackAndAreAskedAgainInTheNextRun(Database database) throws Exception {
    var has = new AtomicBoolean();
    var visits = new Visits();
    run.worker(
        new Beans() {
          @Override
          public <T> T get(String name, Class<T> type) {
            return (has.get() ? visits : Beans.NONE).get(name, type);
          }
        });

    run.begin().assertAllVisitedOnce();

    assertThat(run.visitors()).containsExactly("runner");
    assertThat(WorkerView.list(database.jdbc()))
        .singleElement()
        .extracting(WorkerView::doing)
        .isEqualTo(
            "takes nothing of visit: expected a bean 'visit' of type ItemProcessor, found none");

    has.set(true);
    run.engine().updates.start("master", "visit");
    run.awaitVisitsByWorkers();
  }

  @Test
  void areNotWaitedForWithoutTheBrokerAndComeBackWithIt(Database database) throws Exception {
    run.worker();
    run.stopBroker();
    Rows.await(database, "SELECT 1 FROM undercurrent.workers WHERE lanes = 0");

    run.begin().assertAllVisitedOnce();
    assertThat(run.visitors()).containsExactly("runner");

    Rows.run(database, "DELETE FROM visits");
    run.startBroker();
    Rows.await(database, "SELECT 1 FROM undercurrent.workers WHERE lanes = 2");
    run.engine().updates.start("master", "visit");
    run.awaitVisitsByWorkers();
    run.assertAllVisitedOnce();
  }
}
