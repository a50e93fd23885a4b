package io.undercurrent.status;

import io.undercurrent.lease.LeaseRow;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells which update of a queue is the current one: the one to look at, begun or about to begin.
 */
final class Current {

  private final LeaseRow lease;
  private final Selection selection;
  private final ExecutionReader executions;

  Current(LeaseRow lease, Selection selection, ExecutionReader executions) {
    this.lease = lease;
    this.selection = selection;
    this.executions = executions;
  }

  /**
   * The one that was run last, whether it runs or is held, else the one that a runner is about to
   * take, else one that has begun and could not go on.
   */
  Optional<QueuedUpdate> update() {
    return begun(updates().filter(update -> update.name().equals(lease.currentUpdate())))
        .or(this::aboutToBegin)
        .or(() -> begun(updates()));
  }

  private Stream<QueuedUpdate> updates() {
    return selection.updates().stream();
  }

  private Optional<QueuedUpdate> begun(Stream<QueuedUpdate> updates) {
    return updates
        .filter(update -> executions.last(update.name(), update.run()).isPresent())
        .findFirst();
  }

  private Optional<QueuedUpdate> aboutToBegin() {
    return lease.runner() != null && lease.enabled() ? selection.next() : Optional.empty();
  }
}
