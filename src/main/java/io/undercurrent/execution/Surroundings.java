package io.undercurrent.execution;

import io.undercurrent.lease.LockWait;
import io.undercurrent.queue.QueuedUpdate;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the step of an update knows of the runner around it, and asks when a try has failed. */
public interface Surroundings {

  /** Those of a step that works for the runner of another process. */
  Surroundings NONE =
      new Surroundings() {

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
      };

  /** What the runner waits for, or waited for just now; null if it did not. */
  @Nullable LockWait lockWait();

  /** The update that could run while this one waits. */
  Optional<QueuedUpdate> next();

  /** Tells every now and then how many lanes an operator wants, or that none has said. */
  void tellLanes(Consumer<Optional<Integer>> knob);
}
