package io.undercurrent.admin.metrics;

import io.undercurrent.queue.Selection;
import io.undercurrent.state.Hold.Kind;

/**
 * The values of the reference's gauge {@code synapse_background_update_status}; values below zero
 * are errors. Source: {@code UpdaterStatus} in Synapse's storage/background_updates.py.
 */
enum UpdaterStatus {
  /** The queue is stopped by an update that was given up. */
  ABORTED(-1),
  DISABLED(0),
  /** Nothing runs, though something may be queued; or another process has the lease. */
  NOT_STARTED(1),
  RUNNING_UPDATE(2),
  /** The queue is empty. */
  COMPLETE(3);

  private final int value;

  UpdaterStatus(int value) {
    this.value = value;
  }

  int value() {
    return value;
  }

  /** The status after a look at the queue, errors first, as in the reference. */
  static UpdaterStatus of(Selection selection, boolean enabled) {
    if (!selection.movesByItself() && hasGivenUp(selection)) {
      return ABORTED;
    }
    if (!enabled) {
      return DISABLED;
    }
    if (selection.next().isPresent()) {
      return RUNNING_UPDATE;
    }
    return selection.waiting().isEmpty() ? COMPLETE : NOT_STARTED;
  }

  private static boolean hasGivenUp(Selection selection) {
    return selection.waiting().stream()
        .anyMatch(waiting -> waiting.hold().is(Kind.GIVEN_UP, Kind.DEFINITION_CHANGED));
  }
}
