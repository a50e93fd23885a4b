package io.undercurrent.status;

import io.undercurrent.database.Database;
import io.undercurrent.history.History;
import io.undercurrent.history.Run;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.lease.Owner;
import io.undercurrent.sql.KeyAxis;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import io.undercurrent.status.Snapshot.QueuedRun;
import io.undercurrent.status.UpdateDetail.TimeoutsView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what a database's queue is doing: all of it as of one moment. */
public final class StatusReader {

  private final Database database;
  private final Owner owner;
  private final Definitions definitions;

  public StatusReader(Database database, Owner owner, Definitions definitions) {
    this.database = database;
    this.owner = owner;
    this.definitions = definitions;
  }

  public DatabaseStatus read() {
    return database.snapshot(jdbc -> look(jdbc, true).status());
  }

  /**
   * The same in one statement: how far the current update is, and which index it builds, is not
   * looked for.
   */
  public DatabaseStatus glance() {
    return look(database.jdbc(), false).status();
  }

  /** Why the whole queue does not move, or that it does. */
  public Explanation why() {
    return read().why();
  }

  /** Why one update does not move, with those that it waits for. */
  public Explanation why(String update) {
    return why(update, null);
  }

  /**
   * The same.
   *
   * @param trouble what keeps this process's runner from its work, or null
   */
  public Explanation why(String update, @Nullable String trouble) {
    return database.snapshot(
        jdbc -> {
          var seen = look(jdbc, true).status();
          var status = trouble == null ? seen : seen.with(trouble);
          return status.queued(update).isPresent()
              ? status.why(update)
              : notQueued(update, lastRun(jdbc, update));
        });
  }

  private Explanation notQueued(String update, @Nullable Run lastRun) {
    var hold =
        Hold.of(Kind.NOT_QUEUED, update)
            .who(definitions.find(update).map(defined -> defined.job().name()).orElse(null))
            .what(lastRun == null ? null : lastRun.warning());
    return new Explanation(database.name(), false, List.of(hold));
  }

  /** Everything about one update, queued or not. */
  public UpdateDetail show(String update) {
    var defined = definitions.find(update).orElse(null);
    return database.isPrepared()
        ? database.snapshot(jdbc -> show(jdbc, update, defined))
        : new UpdateDetail(update, defined, timeouts(defined, null), null, List.of(), null);
  }

  private UpdateDetail show(JdbcClient jdbc, String update, @Nullable DefinedUpdate defined) {
    var look = look(jdbc, true);
    var current = look.seen.find(update).map(look::view).orElse(null);
    return new UpdateDetail(
        update,
        defined,
        timeouts(defined, current),
        current,
        current == null ? List.of() : look.status().why(update).reasons(),
        lastRun(jdbc, update));
  }

  private @Nullable Run lastRun(JdbcClient jdbc, String update) {
    return new History(database.name(), jdbc).runsOf(update, 1).stream().findFirst().orElse(null);
  }

  /** As the last target makes them; without one, those of a target that is short. */
  private static @Nullable TimeoutsView timeouts(
      @Nullable DefinedUpdate defined, @Nullable CurrentUpdate current) {
    if (defined == null) {
      return null;
    }
    var chunk = current == null ? null : current.work().progress().lastChunk();
    var target = chunk == null ? Duration.ZERO : RunView.duration(chunk.targetMs());
    var timeouts = defined.definition().work().timeouts(defined.definition(), target);
    return new TimeoutsView(timeouts.lock(), timeouts.statement());
  }

  private @Nullable UpdateDefinition definition(QueuedRun queued) {
    return definitions.find(queued.update().name()).map(DefinedUpdate::definition).orElse(null);
  }

  /**
   * Looks once.
   *
   * @param closely whether at the server's sessions and statistics as well
   */
  private Look look(JdbcClient jdbc, boolean closely) {
    var seen = Snapshot.read(jdbc, owner);
    var diagnosis = new Diagnosis(seen, definitions);
    var build =
        closely ? seen.inHand().flatMap(queued -> build(jdbc, queued, seen)).orElse(null) : null;
    return new Look(jdbc, closely, seen, diagnosis, build);
  }

  private Optional<IndexBuildView> build(JdbcClient jdbc, QueuedRun queued, Snapshot seen) {
    return new IndexBuilds(jdbc).of(queued.update(), definition(queued), seen.lease());
  }

  /** What one look has found. */
  private final class Look {

    private final JdbcClient jdbc;
    private final boolean closely;
    private final Snapshot seen;
    private final Diagnosis diagnosis;
    private final @Nullable IndexBuildView build;
    private final Map<QueuedRun, CurrentUpdate> views = new HashMap<>();

    Look(
        JdbcClient jdbc,
        boolean closely,
        Snapshot seen,
        Diagnosis diagnosis,
        @Nullable IndexBuildView build) {
      this.jdbc = jdbc;
      this.closely = closely;
      this.seen = seen;
      this.diagnosis = diagnosis;
      this.build = build;
    }

    DatabaseStatus status() {
      return new DatabaseStatus(
          database.name(),
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
          queued.update(), diagnosis.state(queued.update(), build), diagnosis.of(queued, build));
    }

    /** A queued update with all figures, whether it runs or not. */
    CurrentUpdate view(QueuedRun queued) {
      return views.computeIfAbsent(queued, this::figures);
    }

    private CurrentUpdate figures(QueuedRun queued) {
      var progress = closely ? progress(queued).orElse(null) : null;
      return new CurrentUpdate(
          queued.update(),
          diagnosis.state(queued.update(), build),
          queued.run(),
          progress,
          seen.inHand().filter(queued::equals).map(hand -> build).orElse(null),
          ofJob(queued, progress).orElse(null));
    }

    private Optional<ProgressView> progress(QueuedRun queued) {
      return queued.run().lane().flatMap(lane -> Forecast.of(lane, definition(queued), jdbc));
    }

    private Optional<JobProgress> ofJob(QueuedRun queued, @Nullable ProgressView progress) {
      var ofJob = seen.ofJob(queued.update().job());
      var rest = ofJob.stream().filter(other -> !other.equals(queued)).map(this::axis).toList();
      var timeLeft =
          progress == null
              ? null
              : queued
                  .run()
                  .lane()
                  .map(lane -> JobProgress.timeLeft(lane, progress, rest, jdbc))
                  .orElse(null);
      return JobProgress.of(queued, ofJob.size(), timeLeft);
    }

    private Optional<KeyAxis> axis(QueuedRun queued) {
      var definition = definition(queued);
      return definition == null ? Optional.empty() : definition.work().axis(jdbc);
    }
  }
}
