package io.undercurrent.status;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.UpdateDetail.TimeoutsView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads everything about one update from a database's rows and the job files. */
public final class DetailReader {

  private final Database database;
  private final Owner owner;
  private final Definitions definitions;

  public DetailReader(Database database, Owner owner, Definitions definitions) {
    this.database = database;
    this.owner = owner;
    this.definitions = definitions;
  }

  public UpdateDetail read(String name) {
    var defined = definitions.find(name);
    var queued = database.isPrepared() ? new UpdateQueue(database).find(name) : NOT_QUEUED;
    return queued
        .map(update -> ofQueued(update, defined))
        .orElseGet(
            () ->
                new UpdateDetail(
                    name,
                    defined.orElse(null),
                    timeouts(defined, null),
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of()));
  }

  private static final Optional<QueuedUpdate> NOT_QUEUED = Optional.empty();

  private UpdateDetail ofQueued(QueuedUpdate update, Optional<DefinedUpdate> defined) {
    var checkpoint = LastExecution.of(update, database.jdbc()).map(LastExecution::checkpoint);
    var progress = checkpoint.map(Checkpoint::progress).orElse(null);
    return new UpdateDetail(
        update.name(),
        defined.orElse(null),
        timeouts(defined, progress),
        update,
        new StatusReader(database, owner, definitions).of(update),
        checkpoint.map(Checkpoint::position).orElse(null),
        checkpoint.map(Checkpoint::end).orElse(null),
        progress == null ? null : ChunkReason.of(progress),
        new Diagnosis(database, owner, definitions).explain(update.name()).reasons());
  }

  /** As the last target makes them; without one, those of a target that is short. */
  private static @Nullable TimeoutsView timeouts(
      Optional<DefinedUpdate> defined, @Nullable Progress progress) {
    var chunk = progress == null ? null : progress.lastChunk();
    var target =
        chunk == null ? Duration.ZERO : Duration.ofNanos((long) (chunk.targetMs() * 1_000_000));
    return defined
        .map(DefinedUpdate::definition)
        .map(update -> update.work().timeouts(update, target))
        .map(timeouts -> new TimeoutsView(timeouts.lock(), timeouts.statement()))
        .orElse(null);
  }
}
