package io.undercurrent.queue;

import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import java.util.List;
import java.util.Optional;

/**
 * What a look at the queue has found.
 *
 * @param updates all that is queued, in queue order
 * @param next the update to run now, if there is one
 * @param waiting the updates that cannot run now, in queue order, each with what holds it
 */
public record Selection(
    List<QueuedUpdate> updates, Optional<QueuedUpdate> next, List<Waiting> waiting) {

  /**
   * An update that cannot run now.
   *
   * @param update the update
   * @param holds what holds it, at least one
   */
  public record Waiting(QueuedUpdate update, List<Hold> holds) {

    /** The hold that its state is named for. */
    public Hold hold() {
      return holds.get(0);
    }
  }

  /** Whether time alone lets something run: a back-off ends. */
  public boolean movesByItself() {
    return next.isPresent()
        || waiting.stream().anyMatch(waiting -> waiting.hold().is(Kind.BACKING_OFF));
  }
}
