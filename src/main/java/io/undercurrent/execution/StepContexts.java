package io.undercurrent.execution;

import io.undercurrent.iteration.IterationGate;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.sql.RunStart;
import io.undercurrent.stop.StopSignal;

/**
 * Makes what the steps of updates work with.
 *
 * @param databaseName the database
 * @param context what the process brings along
 * @param pool the steps' connections
 * @param queue on the same connections
 * @param around the runner around them
 */
record StepContexts(
    String databaseName,
    RunnerContext context,
    FencedPool pool,
    UpdateQueue queue,
    Surroundings around) {

  /**
   * That of one step.
   *
   * @param failing whether it was this step that has failed, if the run's last execution did
   */
  UpdateContext of(QueuedUpdate update, DefinedUpdate defined, StopSignal stop, boolean failing) {
    return new UpdateContext(
        databaseName,
        defined.definition(),
        RunStart.among(defined.job().values(), queue.begin(update.name(), update.run())),
        pool.jdbc(),
        pool.transactions(),
        pool.sessions()::open,
        context.controller(),
        gate(update, defined, stop, failing),
        context.failures(),
        stop,
        context.beans(),
        context.listener(),
        around::tuning,
        context.time());
  }

  private IterationGate gate(
      QueuedUpdate update, DefinedUpdate defined, StopSignal stop, boolean failing) {
    var setbacks =
        new RunSetbacks(
            databaseName,
            pool,
            queue,
            update,
            failing,
            around,
            stop,
            context.listener(),
            context.time());
    var jdbc = pool.jdbc();
    var wishes = new Wishes(update);
    var statement = new StatementCanceller(update.name());
    var rowSecurity = SessionSettings.rowSecurity(defined.definition());
    return new IterationGate(
        new TransactionOpening(jdbc, wishes, rowSecurity, statement),
        new CheckpointWriter(queue, update, setbacks, context.clock()),
        setbacks,
        statement);
  }
}
