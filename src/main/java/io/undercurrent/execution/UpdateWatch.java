package io.undercurrent.execution;

import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseNotes;
import io.undercurrent.lease.LockWait;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks, for the update that runs, at what operators wish and have set, at its time windows, at
 * locks that it waits for and at sleeps of the controller; on the lease's connection.
 */
public final class UpdateWatch {

  /** Shorter sleeps are not noted: two writes each would be for nothing. */
  private static final Duration LONG = Duration.ofSeconds(2);

  /** What the history says of an execution that has stopped for it. */
  private static final String CLOSED = "its time window has closed";

  private final Lease lease;
  private final TimeSource time;
  private @Nullable Running running;
  private volatile KnobSettings knobs = KnobSettings.NONE;
  private Consumer<Optional<Integer>> lanes = knob -> {};
  private @Nullable LockWait lockWait;
  private long lockWaitSeen;
  private OptionalLong notedSleep = OptionalLong.empty();

  public UpdateWatch(Lease lease, TimeSource time) {
    this.lease = lease;
    this.time = time;
  }

  /**
   * Looks at an update from now on.
   *
   * @param set what operators have set of it by now
   * @param window what holds it at a moment because its time windows are not open
   */
  public synchronized void begin(
      QueuedUpdate update,
      StopSignal stop,
      KnobSettings set,
      Function<Instant, Optional<Hold>> window) {
    running = new Running(new Wishes(update), stop, window);
    knobs = set;
  }

  /** What operators have set of the update that runs. */
  public KnobSettings knobs() {
    return knobs;
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
    var wishes = seen.wishes.look(lease.jdbc());
    wishes.obey(seen.stop);
    seen.window.apply(wishes.at()).ifPresent(closed -> seen.stop.stop(CLOSED));
    know(seen, wishes.knobs());
    lanes().accept(wishes.knobs().number(Knob.LANES));
    var sleeping = seen.stop.waitingSince();
    noteLongSleep(sleeping);
    if (sleeping.isEmpty()) {
      LockWait.find(lease.jdbc()).stream().findFirst().ifPresent(this::remember);
    }
  }

  private synchronized @Nullable Running running() {
    return running;
  }

  /** Unless another update has begun meanwhile. */
  private synchronized void know(Running seen, KnobSettings set) {
    if (running == seen) {
      knobs = set;
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

  private record Running(
      Wishes wishes, StopSignal stop, Function<Instant, Optional<Hold>> window) {}
}
