package io.undercurrent.execution;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lane.LaneHandler;
import io.undercurrent.lane.LaneSession;
import io.undercurrent.lane.SliceNames;
import io.undercurrent.lane.SliceResults;
import io.undercurrent.lane.SliceSplitter;
import io.undercurrent.lease.LockWait;
import io.undercurrent.quarantine.Quarantine;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.stop.StopSignal;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.partition.PartitionStep;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;

/**
 * Steps that have the slices of a run worked on in several lanes.
 *
 * @param repository Spring Batch's, on the contexts' connections
 */
record LanedSteps(StepContexts contexts, JobRepository repository) {

  /**
   * One of them.
   *
   * @param lanes how many are wanted to begin with
   */
  Step of(QueuedUpdate update, DefinedUpdate defined, StopSignal stop, int lanes) {
    var context = contexts.context();
    var pool = contexts.pool();
    var around = contexts.around();
    var work = defined.definition().work();
    var names = new SliceNames(update.name());
    var offers = context.workers().offers(pool, repository, update, defined);
    Supplier<LaneSession> own =
        () ->
            new SliceSession(
                context, pool.sessions(), new LaneSurroundings(around, stop), update, defined);
    var handler =
        new LaneHandler(
            repository,
            () -> offers.lane(own),
            () -> work.dependence(contexts.of(update, defined, stop, true)),
            lanes,
            stop,
            context.clock());
    around.tellLanes(knob -> handler.want(Executions.lanes(defined, knob)));
    var step = new PartitionStep(repository);
    step.setName(names.manager());
    step.setStepExecutionSplitter(
        new SliceSplitter(
            repository,
            pool.transactions(),
            names,
            (before, parts) ->
                work.slices(contexts.of(update, defined, stop, true), before, parts)));
    step.setPartitionHandler(handler);
    step.setStepExecutionAggregator(
        (manager, slices) -> {
          new SliceResults().aggregate(manager, slices);
          if (!manager.getStatus().isGreaterThan(BatchStatus.COMPLETED)) {
            quarantine(update, defined).status().ifPresent(manager::setExitStatus);
          }
        });
    return step;
  }

  private Quarantine quarantine(QueuedUpdate update, DefinedUpdate defined) {
    return new Quarantine(
        new QuarantineTable(contexts.pool().client()),
        update.name(),
        update.run(),
        defined.definition().quarantine());
  }

  /**
   * Those of one of several lanes: others go first only where all lanes wait.
   *
   * @param stop the run's
   */
  private record LaneSurroundings(Surroundings around, StopSignal stop) implements Surroundings {

    @Override
    public @Nullable LockWait lockWait() {
      return around.lockWait();
    }

    @Override
    public Optional<QueuedUpdate> next() {
      return stop.lanesAtWork() > 1 ? Optional.empty() : around.next();
    }

    @Override
    public void tellLanes(Consumer<Optional<Integer>> knob) {}

    @Override
    public KnobSettings knobs() {
      return around.knobs();
    }
  }
}
