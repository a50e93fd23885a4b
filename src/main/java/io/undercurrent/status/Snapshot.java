package io.undercurrent.status;

import io.undercurrent.brake.BrakeTable;
import io.undercurrent.lease.LeaseRow;
import io.undercurrent.lease.LockWait;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.Pause;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A database's rows as they were at one moment, which all views of it are made from.
 *
 * @param at that moment, on the database's clock
 * @param lease who runs the updates
 * @param pauses those in force, the one of all first
 * @param waits the locks that the runner's sessions wait for
 * @param brakes what of the database's health holds its updates, the worst first
 * @param queue what is queued, in queue order
 */
record Snapshot(
    Instant at,
    LeaseRow lease,
    List<Pause> pauses,
    List<LockWait> waits,
    List<Hold> brakes,
    List<QueuedRun> queue) {

  /**
   * A row of the queue with its run.
   *
   * @param completed how many updates of its job were completed since the job was started
   * @param knobs what operators have set of it
   */
  record QueuedRun(QueuedUpdate update, RunView run, long completed, KnobSettings knobs) {

    private QueuedRun with(QueuedRun same) {
      return new QueuedRun(update, RunReader.together(run, same.run), completed, knobs);
    }

    private QueuedRun otherwiseIn(int ofFile) {
      var wanted = knobs.number(Knob.LANES).orElse(ofFile);
      return new QueuedRun(update, run.inLanes(wanted), completed, knobs);
    }
  }

  /** What was completed of the jobs that are queued, since they were started; scans all runs. */
  private static final String COMPLETED =
      """
      SELECT job_name, count(*) AS updates
        FROM undercurrent.runs
        JOIN (SELECT job_name, min(queued_at) AS since
                FROM undercurrent.runs
               WHERE ended_at IS NULL
               GROUP BY job_name) started USING (job_name)
       WHERE outcome = 'COMPLETED'
         AND ended_at >= since
       GROUP BY job_name""";

  private static final String NOTHING =
      "SELECT CAST(NULL AS text) AS job_name, CAST(0 AS bigint) AS updates WHERE false";

  /**
   * One statement, so that all of it belongs together.
   *
   * @param closely whether what was completed of a job is of interest
   */
  static Snapshot read(JdbcClient jdbc, Owner owner, boolean closely) {
    return jdbc.sql(
            "WITH completed AS (\n"
                + (closely ? COMPLETED : NOTHING)
                + """

            )
            SELECT clock_timestamp() AS at, completed.updates AS completed_of_job,
            """
                + String.join(
                    ",\n",
                    Pauses.AS_JSON + " AS pauses",
                    LockWait.AS_JSON + " AS waits",
                    BrakeTable.AS_JSON + " AS brakes",
                    KnobSettings.asJson("runs.update_name") + " AS knobs",
                    LeaseRow.COLUMNS,
                    QueuedUpdate.COLUMNS,
                    RunReader.COLUMNS)
                + """

              FROM undercurrent.lease
              LEFT JOIN (undercurrent.background_updates queued
                         JOIN undercurrent.runs ON runs.update_name = queued.update_name
                                               AND runs.ended_at IS NULL) ON true
              LEFT JOIN completed ON completed.job_name = runs.job_name
            """
                + RunReader.joins("runs.update_name", "runs.run")
                + """
             ORDER BY queued.ordering, queued.update_name COLLATE "C", lane.slice NULLS FIRST""")
        .query((ResultSetExtractor<Snapshot>) rows -> of(rows, owner));
  }

  private static Snapshot of(ResultSet rows, Owner owner) throws SQLException {
    @Nullable Snapshot first = null;
    var queue = new LinkedHashMap<String, QueuedRun>();
    while (rows.next()) {
      if (first == null) {
        first =
            new Snapshot(
                rows.getObject("at", OffsetDateTime.class).toInstant(),
                LeaseRow.of(rows, owner),
                Pauses.of(rows.getString("pauses")),
                LockWait.of(rows.getString("waits")),
                BrakeTable.of(rows.getString("brakes")),
                List.of());
      }
      if (rows.getString("update_name") != null) {
        var update = QueuedUpdate.of(rows, 0);
        var run =
            new QueuedRun(
                update,
                RunReader.of(rows, 0),
                rows.getLong("completed_of_job"),
                KnobSettings.of(rows.getString("knobs")));
        queue.merge(update.name(), run, QueuedRun::with);
      }
    }
    if (first == null) {
      throw new IllegalStateException("expected a row in undercurrent.lease, found none");
    }
    return new Snapshot(
        first.at,
        first.lease,
        first.pauses,
        first.waits,
        first.brakes,
        List.copyOf(queue.values()));
  }

  /**
   * The same, with what job files say of the lanes where no operator has said anything.
   *
   * @param ofFile how many lanes the file of an update wants
   */
  Snapshot inLanes(ToIntFunction<String> ofFile) {
    return new Snapshot(
        at,
        lease,
        pauses,
        waits,
        brakes,
        queue.stream()
            .map(queued -> queued.otherwiseIn(ofFile.applyAsInt(queued.update().name())))
            .toList());
  }

  Optional<QueuedRun> find(@Nullable String name) {
    return queue.stream().filter(queued -> queued.update().name().equals(name)).findFirst();
  }

  /** The update that a runner has in hand, or is about to begin again. */
  Optional<QueuedRun> inHand() {
    return lease.runner() == null ? Optional.empty() : find(lease.currentUpdate());
  }

  /** The rows of a job. */
  List<QueuedRun> ofJob(String job) {
    return queue.stream().filter(queued -> queued.update().job().equals(job)).toList();
  }

  List<QueuedUpdate> updates() {
    return queue.stream().map(QueuedRun::update).toList();
  }
}
