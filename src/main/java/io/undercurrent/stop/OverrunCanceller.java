package io.undercurrent.stop;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.undercurrent.time.TimeSource;
import java.time.Duration;

/** Cuts an iteration short that overruns while the process has to end. */
public final class OverrunCanceller implements AutoCloseable {

  /** A cancellation that comes between two statements is lost, so it is asked for again. */
  static final Duration AGAIN = Duration.ofMillis(50);

  private static final int TARGETS = 2;

  private final long limit;
  private final TimeSource time;
  private final long start;
  private final Runnable cancel;
  private boolean asked;
  private boolean over;
  private boolean made;

  /**
   * A cut that nobody has asked for yet.
   *
   * @param target how long the iteration should take; it is cut after twice that
   * @param cancel cancels the statement that it executes
   * @param time measures what it takes, from now on
   */
  OverrunCanceller(Duration target, Runnable cancel, TimeSource time) {
    this.limit = TARGETS * Math.min(NANOSECONDS.convert(target), Long.MAX_VALUE / TARGETS);
    this.cancel = cancel;
    this.time = time;
    this.start = time.nanos();
  }

  /** Cuts the iteration as soon as it overruns; to ask again changes nothing. */
  synchronized void ask() {
    if (asked) {
      return;
    }
    asked = true;
    time.after(Duration.ofNanos(limit).minus(time.since(start)), this::make);
  }

  private synchronized void make() {
    if (!over) {
      made = true;
      cancel.run();
      time.after(AGAIN, this::make);
    }
  }

  /** Whether the iteration was cut. */
  public synchronized boolean made() {
    return made;
  }

  /** Says that the iteration has ended. */
  @Override
  public synchronized void close() {
    over = true;
  }
}
