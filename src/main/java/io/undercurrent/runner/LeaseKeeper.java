package io.undercurrent.runner;

import io.undercurrent.iteration.StopSignal;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseLostException;
import io.undercurrent.lease.LockWait;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Renews the lease and looks at wishes while updates run, on a thread and a connection of its own;
 * wakes a sleeping controller when somebody wants the update to stop.
 */
final class LeaseKeeper implements AutoCloseable {

  /** Other processes' wishes are to be seen within a second. */
  private static final Duration INTERVAL = Duration.ofMillis(400);

  /** Shorter sleeps are told to nobody: two writes each would be for nothing. */
  private static final Duration LONG = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

  private final Lease lease;
  private final String databaseName;
  private final RunnerListener listener;
  private final TimeSource time;
  private final Thread thread;
  private @Nullable Wishes wishes;
  private @Nullable StopSignal stop;
  private @Nullable String lost;
  private @Nullable LockWait lockWait;
  private long lockWaitSeen;
  private OptionalLong notedSleep = OptionalLong.empty();
  private boolean closed;

  LeaseKeeper(Lease lease, String databaseName, RunnerListener listener, TimeSource time) {
    this.lease = lease;
    this.databaseName = databaseName;
    this.listener = listener;
    this.time = time;
    this.thread = new Thread(this::run, "lease-" + databaseName);
    thread.setDaemon(true);
    thread.start();
  }

  /** Looks at the wishes for an update from now on. */
  synchronized void begin(QueuedUpdate update, StopSignal stop) {
    this.wishes = new Wishes(update);
    this.stop = stop;
    if (lost != null) {
      stop.cut(lost);
    }
  }

  /** Looks no more. */
  synchronized void end() {
    wishes = null;
    stop = null;
  }

  /** What the runner waits for, or waited for just now; null if it did not. */
  synchronized @Nullable LockWait lockWait() {
    return time.since(lockWaitSeen).compareTo(LONG) < 0 ? lockWait : null;
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
      } catch (DataAccessException | TransactionException e) {
        log.warn("The lease could not be renewed: {}", e.getMessage());
        if (lease.age().compareTo(Lease.EXPIRY) > 0) {
          lose("The lease could not be renewed for " + Lease.EXPIRY.toSeconds() + " s");
        }
      }
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

  private void look() {
    var asked = wishesAndStop();
    if (asked != null) {
      asked.wishes().stopReason(lease.jdbc()).ifPresent(reason -> obey(asked.stop(), reason));
    }
    var sleeping = asked == null ? OptionalLong.empty() : asked.stop().waitingSince();
    noteLongSleep(sleeping);
    if (asked != null && sleeping.isEmpty()) {
      LockWait.find(lease.jdbc()).stream().findFirst().ifPresent(this::remember);
    }
  }

  private static void obey(StopSignal stop, String reason) {
    if (reason.equals(Wishes.CANCELLED)) {
      stop.cut(reason);
    } else {
      stop.stop(reason);
    }
  }

  private void noteLongSleep(OptionalLong sleeping) {
    var since =
        sleeping.isPresent() && time.since(sleeping.getAsLong()).compareTo(LONG) < 0
            ? OptionalLong.empty()
            : sleeping;
    if (!since.equals(notedSleep)) {
      lease.sleeping(since.isPresent() ? time.since(since.getAsLong()) : null);
      notedSleep = since;
    }
  }

  private synchronized void remember(LockWait seen) {
    lockWait = seen;
    lockWaitSeen = time.nanos();
  }

  private synchronized @Nullable Asked wishesAndStop() {
    return wishes == null || stop == null ? null : new Asked(wishes, stop);
  }

  private synchronized void lose(@Nullable String reason) {
    lost = reason == null ? "the lease is lost" : reason;
    if (stop != null) {
      stop.cut(lost);
    }
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

  private record Asked(Wishes wishes, StopSignal stop) {}
}
