package io.undercurrent.shell;

import java.time.Duration;

/** How long something has taken, on a clock that nobody sets. */
final class Stopwatch {

  private final long began = System.nanoTime();

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
