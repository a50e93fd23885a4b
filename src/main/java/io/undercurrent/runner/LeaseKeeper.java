package io.undercurrent.runner;

import io.undercurrent.execution.RunnerListener;
import io.undercurrent.execution.UpdateWatch;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseLostException;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lease while updates run, on a thread and a connection of its own, and has the update
 * that runs looked at.
 */
final class LeaseKeeper implements AutoCloseable {

  /** Other processes' wishes are to be seen within a second. */
  private static final Duration INTERVAL = Duration.ofMillis(400);

  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

  private final Lease lease;
  private final String databaseName;
  private final UpdateWatch watch;
  private final Runnable note;
  private final RunnerListener listener;
  private final TimeSource time;
  private final Thread thread;
  private @Nullable String lost;
  private boolean closed;

  /**
   * Begins.
   *
   * @param note is called as often as the update is looked at, and may use the lease's connection
   */
  LeaseKeeper(
      Lease lease,
      String databaseName,
      UpdateWatch watch,
      Runnable note,
      RunnerListener listener,
      TimeSource time) {
    this.lease = lease;
    this.databaseName = databaseName;
    this.watch = watch;
    this.note = note;
    this.listener = listener;
    this.time = time;
    this.thread = new Thread(this::run, "lease-" + databaseName);
    thread.setDaemon(true);
    thread.start();
  }

  /** Why the lease is not held any more, or null. */
  synchronized @Nullable String lost() {
    return lost;
  }

  private void run() {
    while (goOn()) {
      try {
        if (lease.renew()) {
          listener.leaseRenewed(databaseName);
        }
        look();
      } catch (LeaseLostException e) {
        lose(e.getMessage());
      } catch (RuntimeException e) {
        // Whatever it is, without this thread nobody would see that the lease is lost.
        log.warn("The lease could not be renewed: {}", e.toString());
        log.debug("The lease could not be renewed", e);
        if (lease.age().compareTo(Lease.EXPIRY) > 0) {
          lose("The lease could not be renewed for " + Lease.EXPIRY.toSeconds() + " s");
        }
      }
    }
  }

  private void look() {
    try {
      watch.look();
      note.run();
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      log.warn("The update in hand could not be looked at: {}", e.toString());
      log.debug("The update in hand could not be looked at", e);
    }
  }

  private synchronized boolean goOn() {
    try {
      if (!closed && lost == null) {
        time.await(this, INTERVAL);
      }
    } catch (InterruptedException e) {
      return false;
    }
    return !closed && lost == null;
  }

  private void lose(@Nullable String reason) {
    var said = reason == null ? "the lease is lost" : reason;
    synchronized (this) {
      lost = said;
    }
    watch.cut(said);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(Duration.ofSeconds(5).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
