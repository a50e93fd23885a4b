package io.undercurrent.time;

import static java.util.concurrent.CompletableFuture.delayedExecutor;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;

/** The time of the machine. */
final class SystemTime implements TimeSource {

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    NANOSECONDS.sleep(NANOSECONDS.convert(duration));
  }

  @Override
  public void await(Object monitor, Duration duration) throws InterruptedException {
    NANOSECONDS.timedWait(monitor, NANOSECONDS.convert(duration));
  }

  @Override
  public void after(Duration delay, Runnable task) {
    delayedExecutor(Math.max(0, NANOSECONDS.convert(delay)), NANOSECONDS).execute(task);
  }
}
