package io.undercurrent.queue;

import java.util.List;
import java.util.Optional;

/**
 * What a look at the queue has found.
 *
 * @param updates all that is queued, in queue order
 * @param next the update to run now, if there is one
 * @param waiting the updates that cannot run now, in queue order, each with the reason
 */
public record Selection(
    List<QueuedUpdate> updates, Optional<QueuedUpdate> next, List<Waiting> waiting) {

  /**
   * An update that cannot run now.
   *
   * @param update the update
   * @param cause what holds it
   * @param reason the same as a sentence for the operator
   */
  public record Waiting(QueuedUpdate update, Cause cause, String reason) {}

  /** What holds an update. */
  public enum Cause {
    PAUSED,
    GIVEN_UP,
    BACKING_OFF,
    DEPENDENCY,
    CYCLE,
    UNDEFINED
  }

  /** Whether time alone lets something run: a back-off ends. */
  public boolean movesByItself() {
    return next.isPresent()
        || waiting.stream().anyMatch(waiting -> waiting.cause() == Cause.BACKING_OFF);
  }
}
