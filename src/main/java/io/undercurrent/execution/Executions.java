package io.undercurrent.execution;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.stop.StopSignal;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.core.task.SyncTaskExecutor;

/** Executes updates as Spring Batch's jobs, each in sessions of its own. */
public final class Executions {

  private final FencedPool pool;
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
    var step = defined.definition().work().step(repository, contexts.of(update, defined, stop));
    var job = new JobBuilder(update.name(), repository).start(step).build();
    var parameters = new JobParametersBuilder().addLong("run", update.run()).toJobParameters();
    try {
      return operator.start(job, parameters);
    } finally {
      pool.endSessions();
    }
  }
}
