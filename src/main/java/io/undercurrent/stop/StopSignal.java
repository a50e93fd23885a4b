package io.undercurrent.stop;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Tells a running step to stop at the next iteration boundary, and wakes it if the controller has
 * it waiting. Given from any thread; only the first reason counts. Where several lanes work on a
 * run, each has one of its own, which is given whatever the run's is.
 */
public final class StopSignal {

  private final TimeSource time;
  private final ActivityClock activities;
  private final List<StopSignal> lanes = new ArrayList<>();
  private @Nullable String reason;
  private @Nullable String cutReason;
  private @Nullable Thread waiting;
  private boolean waitingForController;
  private long waitingSince;
  private boolean held;
  private @Nullable String brake;
  private boolean smaller;
  private @Nullable OverrunCanceller cut;

  public StopSignal(TimeSource time) {
    this(time, new ActivityClock(time));
  }

  private StopSignal(TimeSource time, ActivityClock activities) {
    this.time = time;
    this.activities = activities;
  }

  /** What the run spends its time on, all lanes together. */
  public ActivityClock activities() {
    return activities;
  }

  /**
   * Has every lane wait before its next iteration, or go on.
   *
   * @param signal the signal of the database's health that wants it; null to go on
   */
  public synchronized void brake(@Nullable String signal) {
    brake = signal;
    lanes.forEach(lane -> lane.brake(signal));
    notifyAll();
  }

  /** Whether a brake is on. */
  public synchronized boolean isBraked() {
    return brake != null;
  }

  /** Has the next chunk of every lane be half as large: others wait for this one. */
  public synchronized void askSmaller() {
    smaller = true;
    lanes.forEach(StopSignal::askSmaller);
  }

  /** Whether that was asked since this was last called. */
  public synchronized boolean takeSmaller() {
    var asked = smaller;
    smaller = false;
    return asked;
  }

  /**
   * Waits, with no transaction open, while a brake is on.
   *
   * @throws StopAtBoundaryException if there is a stop
   */
  public synchronized void awaitRelease() {
    try {
      while (brake != null && reason == null) {
        activities.enter(this, Activity.held(brake));
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StopAtBoundaryException("interrupted", e);
    } finally {
      activities.enter(this, Activity.WORKING);
    }
    if (reason != null) {
      throw new StopAtBoundaryException(reason);
    }
  }

  /** Others work for this lane, which a brake holds as it would this one. */
  public synchronized void workElsewhere() {
    activities.enter(this, brake == null ? Activity.WORKING : Activity.held(brake));
  }

  /**
   * Asks for a stop.
   *
   * @param reason why, for the log and the history
   */
  public synchronized void stop(String reason) {
    if (this.reason == null) {
      this.reason = reason;
      if (waiting != null) {
        waiting.interrupt();
      }
      lanes.forEach(lane -> lane.stop(reason));
      notifyAll();
    }
  }

  /**
   * Asks for a stop that does not even wait for the end of what takes long; counts after a mere
   * stop, too. An iteration that takes more than twice its target is rolled back, and an index
   * build is cancelled.
   *
   * @param reason why, for the log and the history
   */
  public synchronized void cut(String reason) {
    if (cutReason == null) {
      cutReason = reason;
    }
    stop(reason);
    if (cut != null) {
      cut.ask();
    }
    lanes.forEach(lane -> lane.cut(reason));
  }

  /** One for a lane that begins; it is asked whatever this one is. */
  public synchronized StopSignal beginLane() {
    var lane = new StopSignal(time, activities);
    lane.brake = brake;
    if (reason != null) {
      lane.stop(reason);
    }
    if (cutReason != null) {
      lane.cut(cutReason);
    }
    lanes.add(lane);
    activities.enter(lane, Activity.WORKING);
    return lane;
  }

  /** A lane has ended. */
  public synchronized void endLane(StopSignal lane) {
    lanes.remove(lane);
    activities.leave(lane);
  }

  /** How many lanes neither wait nor are held. */
  public synchronized int lanesAtWork() {
    return (int) lanes.stream().filter(StopSignal::isAtWork).count();
  }

  private synchronized boolean isAtWork() {
    return waiting == null && !held;
  }

  /** Whether the step is to wait at its next boundary. */
  public synchronized boolean isHeld() {
    return held;
  }

  /** Has the step wait at its next boundary, or go on. */
  public synchronized void hold(boolean held) {
    this.held = held;
    notifyAll();
  }

  /**
   * Passes a boundary between two iterations; waits there while the step is held.
   *
   * @throws StopAtBoundaryException if there is a stop
   */
  public synchronized void passBoundary() {
    try {
      while (held && reason == null) {
        activities.leave(this);
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StopAtBoundaryException("interrupted", e);
    } finally {
      activities.enter(this, Activity.WORKING);
    }
    if (reason != null) {
      throw new StopAtBoundaryException(reason);
    }
  }

  /**
   * Begins an iteration that may be cut.
   *
   * @param target how long it should take
   * @param cancel cancels the statement that it executes; called on another thread
   */
  public synchronized OverrunCanceller begin(Duration target, Runnable cancel) {
    var begun = new OverrunCanceller(target, cancel, time);
    cut = begun;
    if (cutReason != null) {
      begun.ask();
    }
    return begun;
  }

  /** Why to cancel what may take hours, or null to let it end. */
  public synchronized @Nullable String cutReason() {
    return cutReason;
  }

  /** Why to stop, or null to go on. */
  public synchronized @Nullable String reason() {
    return reason;
  }

  /**
   * Since when the controller has the step waiting, by {@link TimeSource#nanos}; nothing during an
   * iteration. Of several lanes all have to wait.
   */
  public synchronized OptionalLong waitingSince() {
    var working = lanes.stream().filter(lane -> !lane.isHeld()).toList();
    if (!working.isEmpty()) {
      var waits = working.stream().map(StopSignal::waitingSince).toList();
      return waits.stream().allMatch(OptionalLong::isPresent)
          ? waits.stream().mapToLong(OptionalLong::getAsLong).max()
          : OptionalLong.empty();
    }
    return waiting == null || !waitingForController
        ? OptionalLong.empty()
        : OptionalLong.of(waitingSince);
  }

  /** Waits for the controller, which a stop interrupts; an interrupt never outlives it. */
  public <T> T interruptibly(Callable<T> wait) throws Exception {
    beginWait(true);
    try {
      return wait.call();
    } finally {
      endWait();
    }
  }

  /**
   * Lets time pass, which a stop ends early.
   *
   * @throws StopAtBoundaryException if there is one
   */
  public void pause(Duration duration) {
    try {
      beginWait(false);
      try {
        time.sleep(duration);
      } finally {
        endWait();
      }
    } catch (InterruptedException e) {
      var asked = reason();
      if (asked == null) {
        Thread.currentThread().interrupt();
      }
      throw new StopAtBoundaryException(asked == null ? "interrupted" : asked, e);
    }
  }

  private synchronized void beginWait(boolean forController) throws InterruptedException {
    if (reason != null) {
      throw new InterruptedException(reason);
    }
    waiting = Thread.currentThread();
    waitingForController = forController;
    waitingSince = time.nanos();
    activities.enter(this, forController ? Activity.SLEEPING : Activity.BACKING_OFF);
  }

  private synchronized void endWait() {
    waiting = null;
    activities.enter(this, Activity.WORKING);
    if (reason != null) {
      Thread.interrupted();
    }
  }
}
