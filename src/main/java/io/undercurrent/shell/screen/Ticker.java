package io.undercurrent.shell.screen;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A daemon thread that does the same again and again. */
public final class Ticker implements AutoCloseable {

  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

  private final ScheduledExecutorService thread;

  public Ticker(String name) {
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var ticker = new Thread(task, name);
              ticker.setDaemon(true);
              return ticker;
            });
  }

  /** Does it after that time, and again that time after each end. */
  public void every(Duration pause, Duration first, Runnable tick) {
    thread.scheduleWithFixedDelay(tick, first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Stops; a tick that is under way gets a moment to end. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LONGEST_TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
