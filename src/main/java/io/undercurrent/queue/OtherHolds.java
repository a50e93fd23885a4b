package io.undercurrent.queue;

import io.undercurrent.state.Hold;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** What holds queued updates besides what the rows of the queue say. */
@FunctionalInterface
public interface OtherHolds {

  /** What holds an update for what the job files say of it. */
  Optional<Hold> hold(QueuedUpdate update);

  /**
   * What holds an update because none of its time windows is open.
   *
   * @param clock the database's, which is asked if it has windows
   */
  default Optional<Hold> window(QueuedUpdate update, Supplier<Instant> clock) {
    return Optional.empty();
  }
}
