package io.undercurrent.controller;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;

/** Lets time pass; how much may change meanwhile. */
record Rest(TimeSource time) {

  private static final Duration LOOK = Duration.ofMillis(400);

  void take(Supplier<Duration> length) throws InterruptedException {
    var begin = time.nanos();
    var left = length.get();
    while (left.compareTo(Duration.ZERO) > 0) {
      time.sleep(left.compareTo(LOOK) > 0 ? LOOK : left);
      left = length.get().minus(time.since(begin));
    }
  }
}
