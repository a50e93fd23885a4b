package io.undercurrent.execution;

import io.undercurrent.controller.Tuning;
import io.undercurrent.lease.LockWait;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.QueuedUpdate;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the step of an update knows of the runner around it, and asks when a try has failed. */
public interface Surroundings {

  /** What the runner waits for, or waited for just now; null if it did not. */
  @Nullable LockWait lockWait();

  /** The update that could run while this one waits. */
  Optional<QueuedUpdate> next();

  /** Tells every now and then how many lanes an operator wants, or that none has said. */
  void tellLanes(Consumer<Optional<Integer>> knob);

  /** What operators have set of the update, as far as that is known by now. */
  KnobSettings knobs();

  /** What of that is about its pace. */
  default Tuning tuning() {
    var set = knobs();
    return new Tuning(
        set.duration(Knob.TARGET).orElse(null),
        set.number(Knob.MAX).orElse(null),
        set.duration(Knob.SLEEP).orElse(null));
  }
}
