package io.undercurrent.iteration;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Hears of the iterations of updates, on the thread that runs them and outside of their
 * transactions. A listener returns at once and throws nothing.
 */
public interface IterationListener {

  /** The controller is asked for an iteration, and may hold it back for as long as it likes. */
  default void entering(String database, String update) {}

  /** The controller lets the iteration begin, but the database's health holds it back. */
  default void held(String database, String update) {}

  /** The iteration begins. */
  default void entered(String database, String update) {}

  /** An iteration is committed; not called for the last look, which finds nothing. */
  default void committed(String database, String update, Iteration iteration) {}

  /**
   * A committed iteration.
   *
   * @param counts what it did
   * @param duration how long it took, without the time in the controller
   * @param chunkSize how many items it was allowed
   * @param target how long it was to take, or null for a one-shot, which is free to take its time
   */
  record Iteration(Counts counts, Duration duration, int chunkSize, @Nullable Duration target) {}
}
