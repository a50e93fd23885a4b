package io.undercurrent.lane;

import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Makes the step executions of a run's slices: cuts them once, all in one transaction, and takes up
 * those later that are not complete. Spring Batch's own splitter makes one after the other, so that
 * a crash in between would mix the ranges of two cuts.
 */
public final class SliceSplitter implements StepExecutionSplitter {

  /** The entry in the manager's context with the number of slices, once they are cut. */
  private static final String SLICES = "undercurrent.slices";

  private static final String AFTER_FAILURE = "undercurrent.afterFailure";

  private final JobRepository repository;
  private final TransactionOperations transactions;
  private final SliceNames names;
  private final Cutter cutter;

  public SliceSplitter(
      JobRepository repository,
      TransactionOperations transactions,
      SliceNames names,
      Cutter cutter) {
    this.repository = repository;
    this.transactions = transactions;
    this.names = names;
    this.cutter = cutter;
  }

  @Override
  public String getStepName() {
    return names.update();
  }

  /**
   * Whether the execution of a slice before this one has failed, rather than been stopped; of the
   * first slice also where none has, but the run may have. What it commits ends the failures.
   */
  public static boolean isAfterFailure(StepExecution slice) {
    return slice.getExecutionContext().containsKey(AFTER_FAILURE);
  }

  /**
   * The slices that are to be worked on, in that order.
   *
   * @param parts how many there are to be at most, if they are cut now
   */
  @Override
  public Set<StepExecution> split(StepExecution manager, int parts) {
    return new LinkedHashSet<>(
        manager.getExecutionContext().containsKey(SLICES) ? takenUp(manager) : cut(manager, parts));
  }

  private List<StepExecution> cut(StepExecution manager, int parts) {
    var before = last(manager.getJobExecution().getJobInstance(), names.update());
    var contexts =
        cutter.cut(before == null ? new ExecutionContext() : before.getExecutionContext(), parts);
    var uncut = new ExecutionContext(manager.getExecutionContext());
    try {
      return transactions.execute(status -> create(manager, before, contexts));
    } catch (RuntimeException | Error e) {
      manager.setExecutionContext(uncut);
      throw e;
    }
  }

  private List<StepExecution> create(
      StepExecution manager, @Nullable StepExecution before, List<ExecutionContext> contexts) {
    var slices = new ArrayList<StepExecution>();
    for (var context : contexts) {
      var slice =
          repository.createStepExecution(names.slice(slices.size() + 1), manager.getJobExecution());
      slice.setExecutionContext(context);
      setAfterFailure(slice, slices.isEmpty());
      slices.add(slice);
    }
    manager.getExecutionContext().putInt(SLICES, slices.size());
    repository.updateExecutionContext(manager);
    if (before != null) {
      end(before.getExecutionContext());
      repository.updateExecutionContext(before);
    }
    return slices;
  }

  /** What that step has not done is the slices'. */
  private static void end(ExecutionContext context) {
    Progress.countNoMore(context);
    if (context.containsKey(Checkpoint.POSITION)) {
      context.putString(Checkpoint.END, context.getString(Checkpoint.POSITION));
    } else {
      context.remove(Checkpoint.END);
    }
  }

  /** Those first that have failed: whether they do again is soon known. */
  private List<StepExecution> takenUp(StepExecution manager) {
    var count = manager.getExecutionContext().getInt(SLICES);
    var instance = manager.getJobExecution().getJobInstance();
    var left = new ArrayList<StepExecution>();
    for (int i = 1; i <= count; i++) {
      var last = last(instance, names.slice(i));
      if (last == null || last.getStatus() != BatchStatus.COMPLETED) {
        left.add(next(manager, names.slice(i), last));
      }
    }
    left.sort(Comparator.comparing((StepExecution slice) -> !isAfterFailure(slice)));
    if (!left.isEmpty()) {
      setAfterFailure(left.get(0), true);
    }
    return left;
  }

  private StepExecution next(StepExecution manager, String name, @Nullable StepExecution last) {
    if (last == null) {
      throw new IllegalStateException(
          "expected the step execution '%s', found none. Begin a new run with: cancel and start"
              .formatted(name));
    }
    // The repository has it begin with what the one before has left.
    var slice = repository.createStepExecution(name, manager.getJobExecution());
    setAfterFailure(slice, last.getStatus() == BatchStatus.FAILED);
    return slice;
  }

  private void setAfterFailure(StepExecution slice, boolean after) {
    var context = slice.getExecutionContext();
    if (after) {
      context.put(AFTER_FAILURE, true);
    } else {
      context.remove(AFTER_FAILURE);
    }
    repository.updateExecutionContext(slice);
  }

  private @Nullable StepExecution last(JobInstance instance, String name) {
    return repository.getLastStepExecution(instance, name);
  }
}
