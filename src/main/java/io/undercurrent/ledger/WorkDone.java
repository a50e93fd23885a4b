package io.undercurrent.ledger;

import io.undercurrent.status.RunView;
import org.jspecify.annotations.Nullable;

/**
 * What a run has done by some moment, all its lanes and executions together.
 *
 * @param items what its pace counts
 * @param changed the rows that its statements have changed, or null if that is not known
 * @param iterations how many were committed
 * @param iterationMs how long they took together
 */
record WorkDone(long items, @Nullable Long changed, long iterations, long iterationMs) {

  static WorkDone of(RunView run) {
    return new WorkDone(
        run.items(), run.counts().changed(), run.iterations(), run.duration().toMillis());
  }

  /** What was done since some other moment. */
  WorkDone since(WorkDone before) {
    return new WorkDone(
        Math.max(0, items - before.items),
        changed == null || before.changed == null ? null : Math.max(0, changed - before.changed),
        Math.max(0, iterations - before.iterations),
        Math.max(0, iterationMs - before.iterationMs));
  }
}
