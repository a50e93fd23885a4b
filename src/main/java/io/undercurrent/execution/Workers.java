package io.undercurrent.execution;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.stop.StopSignal;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/** Other processes that a runner may ask to work on slices of its runs. */
public interface Workers extends AutoCloseable {

  /** Nobody. */
  Workers NONE = new Workers() {};

  /** This process is about to run updates. */
  default void start() {}

  /**
   * Offers the slices of an execution to them.
   *
   * @param pool the runner's connections, fenced by the epoch of its lease
   * @param repository on the same connections
   * @param stop asks for a stop of the run
   */
  default Offers offers(
      FencedPool pool,
      JobRepository repository,
      QueuedUpdate update,
      DefinedUpdate defined,
      StopSignal stop) {
    return Offers.NONE;
  }

  /** This process runs no updates any more. */
  @Override
  default void close() {}

  /** Slices on offer; used by all lanes of an execution at the same time. */
  @FunctionalInterface
  interface Offers {

    /** Has the lanes work on every slice themselves. */
    Offers NONE = slice -> false;

    /**
     * Has another process work on a slice, on the lane's behalf, and waits for its end; called by a
     * lane that has nothing else to do, with no transaction open.
     *
     * @param slice is afterwards what its rows say, with what it has failed with, if it has
     * @return false if nobody does, so that the lane is to work on it
     * @throws io.undercurrent.lease.LeaseLostException if this process has to stop
     */
    boolean work(StepExecution slice);
  }
}
