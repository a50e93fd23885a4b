package io.undercurrent.execution;

import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseNotes;
import io.undercurrent.lease.LockWait;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks, for the update that runs, at what operators wish, at locks that it waits for and at sleeps
 * of the controller; on the lease's connection.
 */
public final class UpdateWatch {

  /** Shorter sleeps are not noted: two writes each would be for nothing. */
  private static final Duration LONG = Duration.ofSeconds(2);

  private final Lease lease;
  private final TimeSource time;
  private @Nullable Running running;
  private Consumer<Optional<Integer>> lanes = knob -> {};
  private @Nullable LockWait lockWait;
  private long lockWaitSeen;
  private OptionalLong notedSleep = OptionalLong.empty();

  public UpdateWatch(Lease lease, TimeSource time) {
    this.lease = lease;
    this.time = time;
  }

  /** Looks at an update from now on. */
  public synchronized void begin(QueuedUpdate update, StopSignal stop) {
    running = new Running(update.name(), new Wishes(update), stop);
  }

  /** Looks no more. */
  public synchronized void end() {
    running = null;
    lanes = knob -> {};
  }

  /** Tells from now on, for the update that runs, how many lanes an operator wants of it. */
  public synchronized void tellLanes(Consumer<Optional<Integer>> knob) {
    lanes = knob;
  }

  private synchronized Consumer<Optional<Integer>> lanes() {
    return lanes;
  }

  /** Stops the update that runs, if one does, although it may take long. */
  public synchronized void cut(String reason) {
    if (running != null) {
      running.stop.cut(reason);
    }
  }

  /** What the runner waits for, or waited for just now; null if it did not. */
  public synchronized @Nullable LockWait lockWait() {
    return time.since(lockWaitSeen).compareTo(LONG) < 0 ? lockWait : null;
  }

  public void look() {
    var seen = running();
    if (seen == null) {
      noteLongSleep(OptionalLong.empty());
      return;
    }
    seen.wishes.stopReason(lease.jdbc()).ifPresent(reason -> obey(seen.stop, reason));
    lanes().accept(new Knobs(lease.jdbc()).lanes(seen.update));
    var sleeping = seen.stop.waitingSince();
    noteLongSleep(sleeping);
    if (sleeping.isEmpty()) {
      LockWait.find(lease.jdbc()).stream().findFirst().ifPresent(this::remember);
    }
  }

  private synchronized @Nullable Running running() {
    return running;
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
      var slept = since.isPresent() ? time.since(since.getAsLong()) : null;
      new LeaseNotes(lease.jdbc()).sleeping(lease.epoch(), slept);
      notedSleep = since;
    }
  }

  private synchronized void remember(LockWait seen) {
    lockWait = seen;
    lockWaitSeen = time.nanos();
  }

  private record Running(String update, Wishes wishes, StopSignal stop) {}
}
