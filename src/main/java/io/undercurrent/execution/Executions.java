package io.undercurrent.execution;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lane.SliceNames;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Owner;
import io.undercurrent.queue.Knob;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.stop.StopSignal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.core.task.SyncTaskExecutor;

/** Executes updates as Spring Batch's jobs, each in sessions of its own. */
public final class Executions {

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
    var parameters = parameters(update.run(), pool.sessions().fence().owner());
    var step = step(update, defined, stop, repository.getJobInstance(update.name(), parameters));
    var job = new JobBuilder(update.name(), repository).start(step).build();
    try {
      return operator.start(job, parameters);
    } finally {
      pool.endSessions();
    }
  }

  /** The run is what tells one job instance from another; the rest is for the record. */
  private static JobParameters parameters(long run, Owner owner) {
    return new JobParametersBuilder()
        .addLong("run", run)
        .addString("runner", owner.name(), false)
        .addString("version", Owner.version(), false)
        .toJobParameters();
  }

  private Step step(
      QueuedUpdate update, DefinedUpdate defined, StopSignal stop, @Nullable JobInstance instance) {
    var work = defined.definition().work();
    var lanes = lanes(defined, around.knobs().number(Knob.LANES));
    if (isCut(instance, update) || lanes > 1 && isToBeCut(instance, update, defined)) {
      return new LanedSteps(contexts, repository).of(update, defined, stop, lanes);
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

  static int lanes(DefinedUpdate defined, Optional<Integer> knob) {
    return knob.orElse(defined.definition().lanes());
  }

  /** The next execution cuts what is left then. */
  private static void stopForLanes(int lanes, StopSignal stop) {
    if (lanes > 1) {
      stop.stop("goes on in %d lanes".formatted(lanes));
    }
  }
}
