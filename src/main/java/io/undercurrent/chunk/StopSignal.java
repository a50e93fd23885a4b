package io.undercurrent.chunk;

import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Tells a running step to stop at the next iteration boundary, and wakes it if the controller has
 * it waiting. Given from any thread; only the first reason counts.
 */
public final class StopSignal {

  private @Nullable String reason;
  private @Nullable Thread waiting;
  private long waitingSince;

  /**
   * Asks for a stop.
   *
   * @param reason why, for the log and the history
   */
  public synchronized void stop(String reason) {
    if (this.reason == null) {
      this.reason = reason;
      if (waiting != null) {
        waiting.interrupt();
      }
    }
  }

  /** Why to stop, or null to go on. */
  public synchronized @Nullable String reason() {
    return reason;
  }

  /**
   * Since when the controller has the step waiting, on {@link System#nanoTime()}; nothing during an
   * iteration.
   */
  public synchronized OptionalLong waitingSince() {
    return waiting == null ? OptionalLong.empty() : OptionalLong.of(waitingSince);
  }

  /** Waits for something that a stop interrupts; an interrupt never outlives it. */
  <T> T interruptibly(Callable<T> wait) throws Exception {
    beginWait();
    try {
      return wait.call();
    } finally {
      endWait();
    }
  }

  private synchronized void beginWait() throws InterruptedException {
    if (reason != null) {
      throw new InterruptedException(reason);
    }
    waiting = Thread.currentThread();
    waitingSince = System.nanoTime();
  }

  private synchronized void endWait() {
    waiting = null;
    if (reason != null) {
      Thread.interrupted();
    }
  }
}
