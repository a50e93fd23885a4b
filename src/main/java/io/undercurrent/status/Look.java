package io.undercurrent.status;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.key.KeyAxis;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.sql.Sql;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import io.undercurrent.status.Snapshot.QueuedRun;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One look at a database, and the views of it that are made from what it has found. */
final class Look {

  private final String database;
  private final JdbcClient jdbc;
  private final Definitions definitions;
  private final boolean closely;
  private final Snapshot seen;
  private final Diagnosis diagnosis;
  private final @Nullable IndexBuildView build;
  private final Map<QueuedRun, CurrentUpdate> views = new HashMap<>();

  private Look(
      String database, JdbcClient jdbc, Definitions definitions, boolean closely, Snapshot seen) {
    this.database = database;
    this.jdbc = jdbc;
    this.definitions = definitions;
    this.closely = closely;
    this.seen = seen;
    this.diagnosis = new Diagnosis(seen, definitions);
    this.build = closely ? seen.inHand().flatMap(this::build).orElse(null) : null;
  }

  /**
   * Looks at a database.
   *
   * @param closely whether at the index that is built and the planner's statistics as well
   */
  static Look at(
      String database, JdbcClient jdbc, Owner owner, Definitions definitions, boolean closely) {
    var seen = Snapshot.read(jdbc, owner, closely).inLanes(update -> lanes(definitions, update));
    return new Look(database, jdbc, definitions, closely, seen);
  }

  private static int lanes(Definitions definitions, String update) {
    return definitions.find(update).map(defined -> defined.definition().lanes()).orElse(1);
  }

  private Optional<IndexBuildView> build(QueuedRun queued) {
    return new IndexBuilds(jdbc).of(queued.update(), definition(queued), seen.lease());
  }

  private @Nullable UpdateDefinition definition(QueuedRun queued) {
    return definitions.find(queued.update().name()).map(DefinedUpdate::definition).orElse(null);
  }

  DatabaseStatus status() {
    return new DatabaseStatus(
        database,
        null,
        seen.lease().enabled(),
        seen.lease().runner(),
        diagnosis.current().map(this::view).orElse(null),
        seen.queue().stream().map(this::briefly).toList(),
        seen.pauses(),
        diagnosis.ofAll());
  }

  private UpdateView briefly(QueuedRun queued) {
    return new UpdateView(
        queued.update(),
        diagnosis.state(queued.update(), build),
        diagnosis.of(queued, build),
        queued.run().quarantined());
  }

  /** A queued update with all figures, whether it runs or not. */
  Optional<CurrentUpdate> view(String update) {
    return seen.find(update).map(this::view);
  }

  /** What operators have set of it. */
  KnobSettings knobs(String update) {
    return seen.find(update).map(QueuedRun::knobs).orElse(KnobSettings.NONE);
  }

  private CurrentUpdate view(QueuedRun queued) {
    return views.computeIfAbsent(queued, this::figures);
  }

  private CurrentUpdate figures(QueuedRun queued) {
    var run = queued.run().asOf(seen.at(), activity(queued));
    var progress = closely ? Forecast.of(run, definition(queued), jdbc).orElse(null) : null;
    return new CurrentUpdate(
        queued.update(),
        diagnosis.state(queued.update(), build),
        run,
        progress,
        seen.inHand().filter(queued::equals).map(hand -> build).orElse(null),
        closely ? ofJob(queued, progress).orElse(null) : null,
        kind(queued));
  }

  private @Nullable String kind(QueuedRun queued) {
    var definition = definition(queued);
    return definition == null ? null : definition.work().describe(Sql::text).summary();
  }

  /** What it does at this moment, as {@code undercurrent.run_times} calls it. */
  private String activity(QueuedRun queued) {
    if (seen.lease().runner() == null) {
      return Kind.NO_RUNNER.json();
    }
    var hold = diagnosis.of(queued, build).stream().findFirst();
    if (hold.isEmpty()) {
      return Kind.DISABLED.json();
    }
    if (queued.run().active() && !hold.get().kind().isOfIteration()) {
      // A pause waits for the end of the iteration.
      return "working";
    }
    var measure = hold.get().measure();
    return switch (hold.get().kind()) {
      case BRAKE -> "held:" + (measure == null ? "" : measure.signal());
      case LOCK_WAIT, OVERDUE, MOVING -> "working";
      default -> hold.get().kind().json();
    };
  }

  private Optional<JobProgress> ofJob(QueuedRun queued, @Nullable ProgressView progress) {
    var ofJob = seen.ofJob(queued.update().job());
    var rest = ofJob.stream().filter(other -> !other.equals(queued)).map(this::axis).toList();
    var timeLeft =
        progress == null ? null : JobProgress.timeLeft(queued.run(), progress, rest, jdbc);
    return JobProgress.of(queued, ofJob.size(), timeLeft);
  }

  private Optional<KeyAxis> axis(QueuedRun queued) {
    var definition = definition(queued);
    return definition == null ? Optional.empty() : definition.work().axis(jdbc);
  }
}
