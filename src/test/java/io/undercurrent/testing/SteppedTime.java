package io.undercurrent.testing;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Time that passes when a test says so, or when somebody sleeps: a sleep takes no time but the
 * stepped one.
 */
public final class SteppedTime implements TimeSource {

  /** What was slept, in order. */
  public final List<Duration> sleeps = new CopyOnWriteArrayList<>();

  private final List<Due> dues = new ArrayList<>();
  private long nanos;

  /** Lets time pass; returns when all that was due by then has been done. */
  public void pass(Duration duration) {
    var end = nanos() + duration.toNanos();
    for (var due = next(end); due != null; due = next(end)) {
      due.task.run();
    }
    moveTo(end);
  }

  private synchronized Due next(long end) {
    var next = dues.stream().filter(due -> due.at <= end).min((a, b) -> Long.compare(a.at, b.at));
    next.ifPresent(
        due -> {
          dues.remove(due);
          moveTo(due.at);
        });
    return next.orElse(null);
  }

  private synchronized void moveTo(long present) {
    nanos = Math.max(nanos, present);
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    sleeps.add(duration);
    pass(duration);
  }

  @Override
  public void await(Object monitor, Duration duration) throws InterruptedException {
    after(
        duration,
        () -> {
          synchronized (monitor) {
            monitor.notifyAll();
          }
        });
    monitor.wait();
  }

  @Override
  public synchronized void after(Duration delay, Runnable task) {
    dues.add(new Due(nanos + delay.toNanos(), task));
  }

  private record Due(long at, Runnable task) {}
}
