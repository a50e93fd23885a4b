package io.undercurrent.execution;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lane.LaneHandler;
import io.undercurrent.lane.LaneSession;
import io.undercurrent.lane.SliceNames;
import io.undercurrent.lane.SliceResults;
import io.undercurrent.lane.SliceSplitter;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.LockWait;
import io.undercurrent.quarantine.Quarantine;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.stop.StopSignal;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.partition.PartitionStep;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.core.task.SyncTaskExecutor;

/** Executes updates as Spring Batch's jobs, each in sessions of its own. */
public final class Executions {

  private final RunnerContext context;
  private final FencedPool pool;
  private final Surroundings around;
  private final StepContexts contexts;
  private final JobRepository repository;
  private final JobOperator operator;

  public Executions(
      String databaseName,
      RunnerContext context,
      FencedPool pool,
      UpdateQueue queue,
      Surroundings around) {
    this.context = context;
    this.pool = pool;
    this.around = around;
    this.contexts = new StepContexts(databaseName, context, pool, queue, around);
    this.repository = RunnerRepository.create(pool.dataSource(), pool.manager());
    this.operator = operator(repository);
  }

  private static JobOperator operator(JobRepository repository) {
    var operator = new TaskExecutorJobOperator();
    operator.setJobRepository(repository);
    operator.setJobRegistry(new MapJobRegistry());
    operator.setTaskExecutor(new SyncTaskExecutor());
    try {
      operator.afterPropertiesSet();
    } catch (Exception e) {
      throw new IllegalStateException("Spring Batch's operator could not be made", e);
    }
    return operator;
  }

  /**
   * Starts or restarts an update and returns when its execution has ended.
   *
   * @throws JobExecutionException if Spring Batch refuses to, as for what is complete already
   */
  public JobExecution run(QueuedUpdate update, DefinedUpdate defined, StopSignal stop)
      throws JobExecutionException {
    var parameters = new JobParametersBuilder().addLong("run", update.run()).toJobParameters();
    var step = step(update, defined, stop, repository.getJobInstance(update.name(), parameters));
    var job = new JobBuilder(update.name(), repository).start(step).build();
    try {
      return operator.start(job, parameters);
    } finally {
      pool.endSessions();
    }
  }

  private Step step(
      QueuedUpdate update, DefinedUpdate defined, StopSignal stop, @Nullable JobInstance instance) {
    var work = defined.definition().work();
    var lanes = lanes(defined, new Knobs(pool.client()).lanes(update.name()));
    if (isCut(instance, update) || lanes > 1 && isToBeCut(instance, update, defined)) {
      return inLanes(update, defined, stop, lanes);
    }
    if (defined.definition().undivided().isEmpty()) {
      around.tellLanes(knob -> stopForLanes(lanes(defined, knob), stop));
    }
    return work.step(repository, contexts.of(update, defined, stop, true));
  }

  private boolean isCut(@Nullable JobInstance instance, QueuedUpdate update) {
    return instance != null && last(instance, new SliceNames(update.name()).manager()) != null;
  }

  /** What has done all in one lane has nothing left to cut. */
  private boolean isToBeCut(
      @Nullable JobInstance instance, QueuedUpdate update, DefinedUpdate defined) {
    var last = instance == null ? null : last(instance, update.name());
    return defined.definition().undivided().isEmpty()
        && (last == null || last.getStatus() != BatchStatus.COMPLETED);
  }

  private @Nullable StepExecution last(JobInstance instance, String step) {
    return repository.getLastStepExecution(instance, step);
  }

  private static int lanes(DefinedUpdate defined, Optional<Integer> knob) {
    return knob.orElse(defined.definition().lanes());
  }

  /** The next execution cuts what is left then. */
  private static void stopForLanes(int lanes, StopSignal stop) {
    if (lanes > 1) {
      stop.stop("goes on in %d lanes".formatted(lanes));
    }
  }

  private Step inLanes(QueuedUpdate update, DefinedUpdate defined, StopSignal stop, int lanes) {
    var work = defined.definition().work();
    var names = new SliceNames(update.name());
    var offers = context.workers().offers(pool, repository, update, defined);
    Supplier<LaneSession> own =
        () ->
            new SliceSession(
                context, pool.sessions(), new LaneSurroundings(around, stop), update, defined);
    var handler = new LaneHandler(repository, () -> offers.lane(own), lanes, stop, context.clock());
    around.tellLanes(knob -> handler.want(lanes(defined, knob)));
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
        new QuarantineTable(pool.client()),
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
  }
}
