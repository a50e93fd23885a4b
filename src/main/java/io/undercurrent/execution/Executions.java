package io.undercurrent.execution;

import io.undercurrent.iteration.IterationGate;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Lease;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.sql.RunStart;
import io.undercurrent.stop.StopSignal;
import java.util.Optional;
import java.util.function.Supplier;
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

  private final String databaseName;
  private final RunnerContext context;
  private final Lease lease;
  private final FencedPool pool;
  private final UpdateQueue queue;
  private final UpdateWatch watch;
  private final Supplier<Optional<QueuedUpdate>> next;
  private final JobRepository repository;
  private final JobOperator operator;

  public Executions(
      String databaseName,
      RunnerContext context,
      Lease lease,
      FencedPool pool,
      UpdateQueue queue,
      UpdateWatch watch,
      Supplier<Optional<QueuedUpdate>> next) {
    this.databaseName = databaseName;
    this.context = context;
    this.lease = lease;
    this.pool = pool;
    this.queue = queue;
    this.watch = watch;
    this.next = next;
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
    var step = defined.definition().work().step(repository, context(update, defined, stop));
    var job = new JobBuilder(update.name(), repository).start(step).build();
    var parameters = new JobParametersBuilder().addLong("run", update.run()).toJobParameters();
    try {
      return operator.start(job, parameters);
    } finally {
      pool.endSessions();
    }
  }

  private UpdateContext context(QueuedUpdate update, DefinedUpdate defined, StopSignal stop) {
    return new UpdateContext(
        databaseName,
        defined.definition(),
        RunStart.among(defined.job().values(), queue.begin(update.name(), update.run())),
        pool.jdbc(),
        pool.transactions(),
        lease.sessions()::open,
        context.controller(),
        gate(update, defined, stop),
        context.failures(),
        stop,
        context.beans(),
        context.listener(),
        context.time());
  }

  private IterationGate gate(QueuedUpdate update, DefinedUpdate defined, StopSignal stop) {
    var setbacks =
        new RunSetbacks(
            databaseName,
            pool,
            queue,
            update,
            watch,
            next,
            stop,
            context.listener(),
            context.time());
    var jdbc = pool.jdbc();
    var wishes = new Wishes(update);
    var statement = new StatementCanceller(update.name());
    var rowSecurity = SessionSettings.rowSecurity(defined.definition());
    return new IterationGate(
        new TransactionOpening(jdbc, wishes, rowSecurity, statement),
        new CheckpointWriter(jdbc, wishes, queue, update, setbacks, context.clock()),
        setbacks,
        statement);
  }
}
