package io.undercurrent.shell.screen;

import java.time.Duration;

/** How long something has taken, on a clock that is never set. */
public final class Stopwatch {

  private final long began = System.nanoTime();

  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
