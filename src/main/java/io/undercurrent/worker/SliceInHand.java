package io.undercurrent.worker;

import io.undercurrent.execution.Surroundings;
import io.undercurrent.execution.Wishes;
import io.undercurrent.lease.LockWait;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.stop.StopSignal;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A slice that a worker is at, for the runner of another process. */
final class SliceInHand implements Surroundings {

  private final long stepExecution;
  private final Wishes wishes;
  private final StopSignal stop;
  private volatile KnobSettings knobs = KnobSettings.NONE;

  /**
   * One that has not begun.
   *
   * @param stepExecution the slice
   * @param wishes what operators wish of its update
   * @param stop stops it
   */
  SliceInHand(long stepExecution, Wishes wishes, StopSignal stop) {
    this.stepExecution = stepExecution;
    this.wishes = wishes;
    this.stop = stop;
  }

  long stepExecution() {
    return stepExecution;
  }

  Wishes wishes() {
    return wishes;
  }

  StopSignal stop() {
    return stop;
  }

  /** What operators have set of its update. */
  void know(KnobSettings set) {
    knobs = set;
  }

  @Override
  public KnobSettings knobs() {
    return knobs;
  }

  @Override
  public @Nullable LockWait lockWait() {
    return null;
  }

  @Override
  public Optional<QueuedUpdate> next() {
    return Optional.empty();
  }

  @Override
  public void tellLanes(Consumer<Optional<Integer>> knob) {}
}
