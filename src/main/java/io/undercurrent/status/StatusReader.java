package io.undercurrent.status;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Progress;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.LeaseRow;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.queue.Selection.Cause;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.DatabaseStatus.CountsView;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a database's queue is doing from its rows. */
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
    return read(true);
  }

  /** The same without forecast and index build, which take queries of their own. */
  public DatabaseStatus glance() {
    return read(false);
  }

  private DatabaseStatus read(boolean closely) {
    var lease = LeaseRow.read(database.jdbc(), owner);
    var selection = selection();
    var queue = selection.updates();
    var current =
        new Current(lease, selection, new ExecutionReader(database))
            .update()
            .map(update -> current(update, lease, selection, closely));
    return new DatabaseStatus(
        database.name(),
        null,
        lease.enabled(),
        lease.runner(),
        current.orElse(null),
        queue.size(),
        queue.isEmpty()
            ? null
            : current.flatMap(StatusReader::blocked).orElseGet(() -> reason(lease, selection)));
  }

  private static Optional<String> blocked(CurrentUpdate current) {
    return Optional.ofNullable(current.indexBuild())
        .map(IndexBuildView::waitsFor)
        .map(
            blocker ->
                "%s: waits for the transaction of %s to end. To end it: SELECT pg_terminate_backend(%d)"
                    .formatted(current.name(), blocker.words(), blocker.pid()));
  }

  private static @Nullable String reason(LeaseRow lease, Selection selection) {
    if (lease.readOnly() != null) {
      return lease.readOnly();
    }
    if (lease.trouble() != null) {
      return lease.trouble();
    }
    if (lease.runner() == null) {
      return "Nobody works the queue off. Do it with: run";
    }
    if (selection.next().isPresent()) {
      if (!lease.enabled()) {
        return "Background updates are disabled. Enable them with: resume";
      }
      return lease.sleepingSince() == null ? null : Diagnosis.asleep(lease.sleepingSince());
    }
    return selection.waiting().stream()
        .filter(waiting -> waiting.cause() != Cause.DEPENDENCY)
        .findFirst()
        .map(waiting -> waiting.update().name() + ": " + waiting.reason())
        .orElse(null);
  }

  /** A queued update as its rows tell, whether it runs or not. */
  CurrentUpdate of(QueuedUpdate update) {
    var lease = LeaseRow.read(database.jdbc(), owner);
    return current(update, lease, selection(), true);
  }

  private Selection selection() {
    return new UpdateQueue(database).select(new ExecutionReader(database).runnable(definitions));
  }

  private CurrentUpdate current(
      QueuedUpdate update, LeaseRow lease, Selection selection, boolean closely) {
    var execution = LastExecution.of(update, database.jdbc());
    var progress = execution.map(LastExecution::progress).orElse(null);
    var definition = definitions.find(update.name()).map(DefinedUpdate::definition).orElse(null);
    var performance = progress == null ? null : progress.performance();
    var build =
        closely
            ? new IndexBuilds(database.jdbc()).of(update, definition, lease)
            : Optional.<IndexBuildView>empty();
    return new CurrentUpdate(
        update.name(),
        update.job(),
        update.run(),
        // disabling and pausing wait for the end of a build
        build.isPresent() ? "running" : state(update, lease, selection),
        performance == null ? 0 : performance.totalItems(),
        progress == null ? 0 : progress.iterations(),
        duration(performance == null ? 0 : performance.totalDurationMs()),
        performance == null ? null : performance.averageItemsPerMs(),
        progress == null || progress.lastChunk() == null ? null : progress.lastChunk().items(),
        progress == null || progress.iterations() == 0 ? null : duration(progress.lastMs()),
        progress == null ? List.of() : progress.recent().durations(),
        execution
            .filter(last -> closely)
            .flatMap(last -> Forecast.of(last, definition, database.jdbc()))
            .orElse(null),
        build.orElse(null),
        counts(progress));
  }

  private static CountsView counts(@Nullable Progress progress) {
    return progress == null
        ? new CountsView(0, 0L, 0L)
        : new CountsView(
            progress.rows(), progress.written().matching(), progress.written().changed().total());
  }

  private static String state(QueuedUpdate update, LeaseRow lease, Selection selection) {
    var waiting =
        selection.waiting().stream()
            .filter(each -> each.update().name().equals(update.name()))
            .map(Selection.Waiting::cause)
            .findFirst();
    if (waiting.isPresent()) {
      return waiting.get().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (!lease.enabled()) {
      return "disabled";
    }
    return lease.runner() != null && update.name().equals(lease.currentUpdate())
        ? "running"
        : "waiting";
  }

  private static Duration duration(double ms) {
    return Duration.ofNanos((long) (ms * 1e6));
  }
}
