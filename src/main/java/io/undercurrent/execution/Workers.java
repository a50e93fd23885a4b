package io.undercurrent.execution;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lane.LaneSession;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.queue.QueuedUpdate;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.batch.core.repository.JobRepository;

/** Other processes that a runner may ask to work on slices of its runs. */
public interface Workers extends AutoCloseable {

  /** Nobody. */
  Workers NONE = new Workers() {};

  /** This process is about to run updates. */
  default void start() {}

  /**
   * Why they cannot be asked at present, in a sentence; empty if they can, or if there are none.
   */
  default Optional<String> problem() {
    return Optional.empty();
  }

  /**
   * Offers the slices of an execution to them.
   *
   * @param pool the runner's connections, fenced by the epoch of its lease
   * @param repository on the same connections
   */
  default Offers offers(
      FencedPool pool, JobRepository repository, QueuedUpdate update, DefinedUpdate defined) {
    return Offers.NONE;
  }

  /** This process runs no updates any more. */
  @Override
  default void close() {}

  /** Slices on offer; used by all lanes of an execution at the same time. */
  @FunctionalInterface
  interface Offers {

    /** Has the lanes work on every slice themselves. */
    Offers NONE = Supplier::get;

    /**
     * A lane that has others work on its slices, one after the other, if there are any.
     *
     * @param own opens the lane's own sessions, in which it works on those that nobody takes
     */
    LaneSession lane(Supplier<? extends LaneSession> own);
  }
}
