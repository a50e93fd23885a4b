package io.undercurrent.runner;

import com.zaxxer.hikari.HikariDataSource;
import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.Progress;
import io.undercurrent.iteration.StopSignal;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedTransactionManager;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseLostException;
import io.undercurrent.lease.LeaseRow;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.RunReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The work of a runner while it holds the lease: one connection pool, one repository, one epoch.
 * Each execution has sessions of its own.
 */
public final class RunnerSession implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunnerSession.class);

  private final Database database;
  private final RunnerContext collaborators;
  private final Lease lease;
  private final HikariDataSource pool;
  private final JdbcTemplate jdbc;
  private final TransactionTemplate transactions;
  private final JobRepository repository;
  private final JobOperator operator;
  private final UpdateQueue queue;
  private final LeaseKeeper watch;
  private boolean works;

  RunnerSession(Database database, RunnerContext collaborators, Lease lease) {
    this.database = database;
    this.collaborators = collaborators;
    this.lease = lease;
    this.pool = lease.workPool();
    this.jdbc = new JdbcTemplate(pool);
    var transactionManager = new FencedTransactionManager(pool, lease);
    this.transactions = new TransactionTemplate(transactionManager);
    this.repository = RunnerRepository.create(pool, transactionManager);
    this.operator = operator(repository);
    this.queue = new UpdateQueue(database.name(), JdbcClient.create(pool), transactions);
    collaborators.listener().leaseRenewed(database.name());
    this.watch =
        new LeaseKeeper(lease, database.name(), collaborators.listener(), collaborators.time());
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

  UpdateQueue queue() {
    return queue;
  }

  /** Makes what a killed process left restartable. */
  void recover() {
    transactions.executeWithoutResult(status -> new Recovery(JdbcClient.create(pool)).run());
  }

  /**
   * Goes on only while the lease is held.
   *
   * @throws LeaseLostException if it is not
   */
  void requireLease() {
    var lost = watch.lost();
    if (lost != null) {
      throw new LeaseLostException(lost);
    }
  }

  /** Whether updates may run at all: they are enabled, and no pause of all holds. */
  boolean enabled() {
    return LeaseRow.read(JdbcClient.create(jdbc), lease.owner()).enabled();
  }

  /** Starts or restarts an update and returns when its execution has ended. */
  void launch(QueuedUpdate update, DefinedUpdate defined, StopSignal stop) {
    if (!prepare(update, defined.job().needs())) {
      return;
    }
    collaborators.listener().launched(database.name(), update.name());
    markAsCurrent(update);
    watch.begin(update, stop);
    try {
      ended(update, defined, execute(update, defined, stop));
    } catch (JobInstanceAlreadyCompleteException e) {
      complete(update, doubt(defined, noted(update)));
    } catch (JobExecutionException e) {
      throw new IllegalStateException(
          "Spring Batch refused to start update '%s'".formatted(update.name()), e);
    } finally {
      watch.end();
    }
  }

  /** Makes what a newer version's job file needs, or one whose updates were queued by SQL. */
  private boolean prepare(QueuedUpdate update, Changelog needs) {
    try {
      if (!database.isPrepared(needs)) {
        database.prepare(needs);
      }
      return true;
    } catch (DatabaseDownException e) {
      throw e;
    } catch (RefusedException e) {
      failed(update, ExecutionFailure.of(e));
      return false;
    }
  }

  /** Forgets what kept others, or earlier attempts, from their work. */
  void works() {
    if (!works) {
      transactions.executeWithoutResult(
          status ->
              jdbc.update(
                  "UPDATE undercurrent.lease SET trouble = NULL WHERE trouble IS NOT NULL"));
      works = true;
    }
  }

  private void markAsCurrent(QueuedUpdate update) {
    transactions.executeWithoutResult(
        status -> jdbc.update("UPDATE undercurrent.lease SET current_update = ?", update.name()));
  }

  private JobExecution execute(QueuedUpdate update, DefinedUpdate defined, StopSignal stop)
      throws JobExecutionException {
    var context =
        new UpdateContext(
            database.name(),
            defined.definition(),
            defined.job().values(),
            jdbc,
            transactions,
            lease::session,
            collaborators.controller(),
            new RunnerGate(
                jdbc,
                new Wishes(update),
                queue,
                update,
                defined.definition(),
                collaborators.clock()),
            stop,
            collaborators.beans(),
            collaborators.listener(),
            collaborators.time());
    var job =
        new JobBuilder(update.name(), repository)
            .start(defined.definition().work().step(repository, context))
            .build();
    var parameters = new JobParametersBuilder().addLong("run", update.run()).toJobParameters();
    try {
      return operator.start(job, parameters);
    } finally {
      // What its statements have left there, temporary tables, locks, settings, ends with them.
      pool.getHikariPoolMXBean().softEvictConnections();
    }
  }

  private void ended(QueuedUpdate update, DefinedUpdate defined, JobExecution execution) {
    requireLease();
    var status = execution.getStatus();
    if (status == BatchStatus.COMPLETED) {
      complete(update, doubt(defined, progress(execution, update)));
    } else if (status == BatchStatus.FAILED) {
      failedUnlessCancelled(update, ExecutionFailure.of(execution).behind(watch.lockWait()));
    } else if (status != BatchStatus.STOPPED) {
      throw new UnknownOutcomeException(update, ExecutionFailure.of(execution));
    }
  }

  /** How far it got: as the execution's step says, or an earlier one's that left nothing to do. */
  private Progress progress(JobExecution execution, QueuedUpdate update) {
    return execution.getStepExecutions().stream()
        .reduce((first, last) -> last)
        .map(step -> Progress.of(step.getExecutionContext()))
        .orElseGet(() -> noted(update));
  }

  private Progress noted(QueuedUpdate update) {
    return RunReader.last(JdbcClient.create(jdbc), update.name(), update.run()).progress();
  }

  private static @Nullable String doubt(DefinedUpdate defined, Progress progress) {
    return defined.definition().work().doubt(progress).orElse(null);
  }

  private void complete(QueuedUpdate update, @Nullable String warning) {
    queue.complete(update.name(), update.run(), warning);
    log.info("Update {} on {} is completed (run {})", update.name(), database.name(), update.run());
    if (warning != null) {
      log.warn("Update {} on {}: {}", update.name(), database.name(), warning);
    }
  }

  /** A REPEATABLE READ iteration fails on the row that a cancellation has deleted. */
  private void failedUnlessCancelled(QueuedUpdate update, ExecutionFailure failure) {
    if (queue.find(update.name()).filter(queued -> queued.run() == update.run()).isPresent()) {
      failed(update, failure);
    } else {
      log.info("Update {} on {} was cancelled", update.name(), database.name());
    }
  }

  /** Counts a failure, so that an update cannot end its session again and again without end. */
  void failed(QueuedUpdate update, ExecutionFailure failure) {
    collaborators.listener().failed(database.name(), update.name());
    transactions.executeWithoutResult(
        status -> {
          var failures = queue.find(update.name()).map(QueuedUpdate::failuresInRow).orElse(0);
          var backOff = BackOff.after(failures + 1, failure);
          queue.failed(
              update.name(),
              update.run(),
              failure.message(),
              failure.sqlState(),
              backOff.orElse(null));
          log.warn(
              "Update {} on {} failed ({} in a row), {}: {}",
              update.name(),
              database.name(),
              failures + 1,
              backOff.map(time -> "again in " + time.toSeconds() + " s").orElse("given up"),
              failure.message());
        });
  }

  /** Gives the lease back for others to take at once. */
  void release() {
    if (watch.lost() == null) {
      lease.release();
    }
  }

  @Override
  public void close() {
    watch.close();
    collaborators.listener().leaseGone(database.name());
    pool.close();
    lease.close();
  }
}
