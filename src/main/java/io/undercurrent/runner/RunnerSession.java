package io.undercurrent.runner;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import io.undercurrent.execution.ExecutionFailure;
import io.undercurrent.execution.Executions;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.execution.Surroundings;
import io.undercurrent.execution.UpdateWatch;
import io.undercurrent.history.Purge;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.lease.Lease;
import io.undercurrent.lease.LeaseLostException;
import io.undercurrent.lease.LeaseNotes;
import io.undercurrent.lease.LeaseRow;
import io.undercurrent.lease.LockWait;
import io.undercurrent.ledger.Ledger;
import io.undercurrent.queue.KnobSettings;
import io.undercurrent.queue.Knobs;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Selection;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.status.Definitions;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.window.TimeWindows;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.launch.JobInstanceAlreadyCompleteException;
import org.springframework.transaction.support.TransactionOperations;

/** The work of a runner while it holds the lease, from taking it to giving it back. */
final class RunnerSession implements AutoCloseable {

  private final Database database;
  private final RunnerListener listener;
  private final Lease lease;
  private final FencedPool pool;
  private final UpdateQueue queue;
  private final Definitions definitions;
  private final DueUpdates due;
  private final Executions executions;
  private final Outcomes outcomes;
  private final UpdateWatch watch;
  private final Ledger ledger;
  private final LeaseKeeper keeper;
  private final Brakes brakes;
  private boolean works;

  private RunnerSession(
      Database database,
      Definitions definitions,
      RunnerContext context,
      Lease lease,
      FencedPool pool) {
    this.definitions = definitions;
    this.database = database;
    this.listener = context.listener();
    this.lease = lease;
    this.pool = pool;
    this.queue = new UpdateQueue(database.name(), pool.client(), pool.transactions());
    this.due =
        new DueUpdates(database.name(), definitions, queue, pool.client(), pool.transactions());
    this.watch = new UpdateWatch(lease, context.time());
    this.ledger = new Ledger(database.name(), lease, this::selectBeside, listener, context.time());
    this.executions = new Executions(database.name(), context, pool, queue, surroundings());
    this.outcomes = new Outcomes(database.name(), pool, queue, listener);
    listener.leaseRenewed(database.name());
    this.brakes = Brakes.begin(context, lease, pool);
    this.keeper =
        new LeaseKeeper(
            lease, database.name(), watch, this::noteAndCount, listener, context.time());
  }

  private void noteAndCount() {
    brakes.note();
    ledger.look();
  }

  private Surroundings surroundings() {
    return new Surroundings() {

      @Override
      public @Nullable LockWait lockWait() {
        return watch.lockWait();
      }

      @Override
      public Optional<QueuedUpdate> next() {
        return select().next();
      }

      @Override
      public void tellLanes(Consumer<Optional<Integer>> knob) {
        watch.tellLanes(knob);
      }

      @Override
      public KnobSettings knobs() {
        return watch.knobs();
      }
    };
  }

  /** Begins with a lease; closes it if that fails. */
  static RunnerSession begin(
      Database database, Definitions definitions, RunnerContext context, Lease lease) {
    var pool = new FencedPool(lease);
    try {
      return new RunnerSession(database, definitions, context, lease, pool);
    } catch (RuntimeException | Error e) {
      pool.close();
      lease.close();
      throw e;
    }
  }

  UpdateQueue queue() {
    return queue;
  }

  /** Looks for the update to run next, as the job files are now. */
  Selection select() {
    return queue.select(definitions);
  }

  /** The same beside an execution, on the lease's connection. */
  private Selection selectBeside() {
    return new UpdateQueue(
            database.name(), lease.jdbc(), TransactionOperations.withoutTransaction())
        .select(definitions);
  }

  /** Counts what those spend their time on that have begun. */
  void looked(Selection selection, boolean enabled) {
    ledger.looked(selection, enabled);
  }

  /** Queues what is due again. */
  void queueDue() {
    due.queue();
  }

  /** Makes what a killed process left restartable. */
  void recover() {
    pool.transactions().executeWithoutResult(status -> new Recovery(pool.client()).run());
    ledger.open();
  }

  /**
   * Goes on only while the lease is held.
   *
   * @throws LeaseLostException if it is not
   */
  void requireLease() {
    var lost = keeper.lost();
    if (lost != null) {
      throw new LeaseLostException(lost);
    }
  }

  /** Whether updates may run at all: they are enabled, and no pause of all holds. */
  boolean enabled() {
    return LeaseRow.read(pool.client(), lease.owner()).enabled();
  }

  /** Starts or restarts an update and returns when its execution has ended. */
  void launch(QueuedUpdate update, DefinedUpdate defined, StopSignal stop) {
    if (!prepare(update, defined.job().needs()) || !keep(update, defined)) {
      return;
    }
    listener.launched(database.name(), update.name());
    note(notes -> notes.current(update.name()));
    begin(update, defined, stop);
    try {
      var execution = executions.run(update, defined, stop);
      ledger.end(update);
      requireLease();
      due.leaveOut(update.name());
      outcomes.ended(update, defined, execution, watch.lockWait());
    } catch (JobInstanceAlreadyCompleteException e) {
      outcomes.wasComplete(update, defined);
    } catch (JobExecutionException e) {
      throw new IllegalStateException(
          "Spring Batch refused to start update '%s'".formatted(update.name()), e);
    } finally {
      brakes.end();
      watch.end();
    }
    ledger.settle(update);
  }

  private void begin(QueuedUpdate update, DefinedUpdate defined, StopSignal stop) {
    ledger.begin(update, stop, () -> queue.begin(update.name(), update.run()));
    watch.begin(
        update,
        stop,
        new Knobs(pool.client()).of(update.name()),
        moment -> definitions.window(update.name(), windows(defined), () -> moment));
    brakes.begin(defined, stop);
    // It may have been lost before there was anything to stop.
    var lost = keeper.lost();
    if (lost != null) {
      stop.cut(lost);
    }
  }

  /** As the file says now: when an update runs may change while it does. */
  private TimeWindows windows(DefinedUpdate defined) {
    var name = defined.definition().name();
    return definitions.find(name).orElse(defined).definition().options().windows();
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

  /** Keeps with a run what it does; false if that is not what it began with. */
  private boolean keep(QueuedUpdate update, DefinedUpdate defined) {
    if (update.definition() != null) {
      // The file may have changed since the update was selected.
      return Definitions.changed(update, defined).isEmpty();
    }
    var json = Definitions.kept(defined).json();
    pool.transactions()
        .executeWithoutResult(status -> queue.keep(update.name(), update.run(), json));
    return true;
  }

  /** Counts a failure of an update. */
  void failed(QueuedUpdate update, ExecutionFailure failure) {
    outcomes.failed(update, failure);
  }

  /** Forgets what kept others, or earlier attempts, from their work. */
  void works() {
    if (!works) {
      note(LeaseNotes::noTrouble);
      works = true;
    }
  }

  /** Keeps the history short. */
  void purge(Retention retention) {
    retention.round(new Purge(pool.client(), pool.transactions()));
  }

  private void note(Consumer<LeaseNotes> note) {
    pool.transactions().executeWithoutResult(status -> note.accept(new LeaseNotes(pool.client())));
  }

  /** Gives the lease back for others to take at once. */
  void release() {
    if (keeper.lost() == null) {
      ledger.close();
      brakes.clear();
      lease.release();
    }
  }

  @Override
  public void close() {
    keeper.close();
    brakes.close();
    listener.leaseGone(database.name());
    pool.close();
    lease.close();
  }
}
