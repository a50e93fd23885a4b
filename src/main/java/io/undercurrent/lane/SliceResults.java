package io.undercurrent.lane;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.partition.StepExecutionAggregator;
import org.springframework.batch.core.step.StepExecution;

/**
 * How a run in several lanes has ended: as the slice that ended worst. What they have counted stays
 * theirs, so that a sum over all steps counts nothing twice.
 */
public final class SliceResults implements StepExecutionAggregator {

  @Override
  public void aggregate(StepExecution manager, Collection<StepExecution> slices) {
    worst(slices)
        .ifPresent(
            worst -> {
              manager.setStatus(worst.getStatus());
              manager.setExitStatus(worst.getExitStatus());
            });
  }

  private static Optional<StepExecution> worst(Collection<StepExecution> slices) {
    return slices.stream()
        .filter(slice -> slice.getStatus() != BatchStatus.COMPLETED)
        .max(
            Comparator.comparing(StepExecution::getStatus)
                .thenComparing(slice -> slice.getStartTime() != null));
  }

  /** How one ends that was stopped before it began. */
  static void stopped(StepExecution slice) {
    slice.setStatus(BatchStatus.STOPPED);
    slice.setExitStatus(ExitStatus.STOPPED);
  }
}
