package io.undercurrent.execution;

import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lane.LaneSession;
import io.undercurrent.lane.SliceSplitter;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.LeaseSessions;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.stop.StopSignal;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * The sessions of one lane: in them, slices of a run are worked on, one after the other. What is
 * committed there is fenced by a lease's epoch and by the version of the slice's step execution.
 */
public final class SliceSession implements LaneSession {

  private final FencedPool pool;
  private final JobRepository repository;
  private final StepContexts contexts;
  private final QueuedUpdate update;
  private final DefinedUpdate defined;

  /**
   * Opens them.
   *
   * @param context what the process brings along
   * @param sessions opens the connections: those of the lease's holder, or of a process that has a
   *     fence of its epoch only
   * @param around the runner around it
   */
  public SliceSession(
      RunnerContext context,
      LeaseSessions sessions,
      Surroundings around,
      QueuedUpdate update,
      DefinedUpdate defined) {
    this.update = update;
    this.defined = defined;
    this.pool = new FencedPool(sessions);
    this.repository = repository(pool);
    var databaseName = sessions.database().name();
    var queue = new UpdateQueue(databaseName, pool.client(), pool.transactions());
    this.contexts = new StepContexts(databaseName, context, pool, queue, around);
  }

  private static JobRepository repository(FencedPool pool) {
    try {
      return RunnerRepository.create(pool.dataSource(), pool.manager());
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /** The connections. */
  public FencedPool pool() {
    return pool;
  }

  /** Spring Batch's repository on these connections; all that it writes is fenced. */
  public JobRepository repository() {
    return repository;
  }

  @Override
  public void work(StepExecution slice, StopSignal stop) {
    var failed = SliceSplitter.isAfterFailure(slice);
    var context = contexts.of(update, defined, stop, failed);
    var step = defined.definition().work().step(repository, context);
    try {
      step.execute(slice);
    } catch (JobInterruptedException e) {
      // The execution says so.
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
