package io.undercurrent.controller;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Paces the iterations of background updates; the <em>on_update</em> callback of the reference.
 *
 * <p>Called once per iteration, on the thread that works on it, with no transaction open. Where an
 * update has several lanes, each of them is called on a thread of its own: then several iterations
 * of an update surround each other, as those of several databases do.
 */
@FunctionalInterface
public interface OnUpdate {

  /**
   * Decides how the next iteration is paced.
   *
   * @param updateName the update that is about to iterate
   * @param databaseName the database it works on, {@code master} where there is only one
   * @param oneShot whether the update is done in one iteration, an index build for example; the
   *     target duration is ignored then
   * @return the context that surrounds the iteration
   */
  Iteration onUpdate(String updateName, String databaseName, boolean oneShot);

  /** The context that surrounds one iteration. */
  @FunctionalInterface
  interface Iteration {

    /**
     * Enters the iteration; may wait as long as it likes. No transaction is open and no lock is
     * held meanwhile. A pause, a stop or a shutdown interrupts it.
     *
     * @return the target duration of the iteration, above zero
     * @throws InterruptedException when interrupted while waiting; {@link #exit} is not called then
     */
    Duration enter() throws InterruptedException;

    /**
     * Leaves the iteration; called exactly once if {@link #enter} returned. Does nothing unless
     * overridden.
     *
     * @param failure why the iteration was rolled back: it failed, or a stop or a cancellation
     *     interrupted it; null if it was committed, or had not begun when a stop came
     */
    default void exit(@Nullable Throwable failure) {}
  }
}
