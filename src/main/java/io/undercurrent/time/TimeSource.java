package io.undercurrent.time;

import java.time.Duration;

/** Measures durations and waits for time to pass. */
public interface TimeSource {

  /** The time that passes by itself. */
  TimeSource SYSTEM = new SystemTime();

  /** The present in ns, of use only for its distance from another present of the same source. */
  long nanos();

  /** How much time has passed since a present. */
  default Duration since(long nanos) {
    return Duration.ofNanos(nanos() - nanos);
  }

  /**
   * Lets the calling thread rest.
   *
   * @throws InterruptedException if the thread is interrupted before or meanwhile
   */
  void sleep(Duration duration) throws InterruptedException;

  /**
   * Waits on a monitor, which the caller holds, until it is notified or the time has passed; as
   * with {@link Object#wait(long)}, it may return earlier.
   *
   * @throws InterruptedException if the thread is interrupted before or meanwhile
   */
  void await(Object monitor, Duration duration) throws InterruptedException;

  /** Has a task run on another thread as soon as the time has passed. */
  void after(Duration delay, Runnable task);
}
