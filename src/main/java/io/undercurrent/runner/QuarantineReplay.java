package io.undercurrent.runner;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.UnleasedSession;
import io.undercurrent.failure.BackOff;
import io.undercurrent.failure.ErrorTable;
import io.undercurrent.failure.FailureKind;
import io.undercurrent.failure.FailurePolicy.Decision;
import io.undercurrent.failure.FailurePolicy.Failure;
import io.undercurrent.failure.FailurePolicy.TryAgain;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Reaction;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.kind.Replay;
import io.undercurrent.quarantine.BadRow;
import io.undercurrent.quarantine.QuarantineTable;
import io.undercurrent.quarantine.QuarantinedRow;
import io.undercurrent.status.Lane;
import io.undercurrent.status.RunReader;
import java.util.HashSet;
import java.util.Set;

/**
 * Tries rows in quarantine again, each in a transaction of its own that also takes it out of
 * quarantine. It needs no lease: a run never comes back to what it has put aside, and two that try
 * the same row have to lock it there first.
 */
public final class QuarantineReplay implements AutoCloseable {

  private final RunnerContext context;
  private final UnleasedSession session;
  private final QuarantineTable table;
  private final Replay replay;
  private final Set<Long> runsOfSameAxis = new HashSet<>();

  /** What came of a row. */
  public enum Outcome {
    /** It is done, and out of quarantine. */
    DONE,
    /** There was nothing to do: it is gone or does not match any more; it is out of quarantine. */
    NOTHING_TO_DO,
    /** It has failed again, and stays with the new error. */
    FAILED,
    /** Another process tries it, or has taken it out of quarantine. */
    TAKEN
  }

  /**
   * Prepares to try rows of an update again.
   *
   * @param defined the update as its job file is now
   * @param run the run that has put them aside
   * @throws RefusedException if that does not fit the database
   */
  public QuarantineReplay(
      Database database, RunnerContext context, DefinedUpdate defined, long run) {
    this.context = context;
    this.session = new UnleasedSession(UnleasedSession.REPLAY, database, context, defined, run);
    this.table = new QuarantineTable(session.jdbc());
    try {
      this.replay = session.prepare(defined);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Tries a row, several times if what is in the way may pass.
   *
   * @throws RefusedException if the others need not be tried: not the row is the matter, but the
   *     server or the definition
   */
  public Outcome row(QuarantinedRow row) throws InterruptedException {
    requireSameAxis(row);
    var counted = 0;
    for (var attempt = 1; ; attempt++) {
      try {
        if (replay.worksOutside()) {
          processAhead(row);
        }
        return session.execute(replay.begin(), replay.timeouts(), () -> again(row));
      } catch (RuntimeException | OutOfMemoryError e) {
        refuseTheRest(row, e);
        replay.rolledBack();
        if (!(after(e, attempt, counted) instanceof TryAgain wait)
            || attempt == BackOff.MOST_FAILURES) {
          table.failedAgain(row, error(row, e));
          return Outcome.FAILED;
        }
        counted += wait.counts() ? 1 : 0;
        context.time().sleep(wait.pause());
      }
    }
  }

  private void processAhead(QuarantinedRow row) {
    session.execute(
        replay.begin(),
        replay.timeouts(),
        () -> {
          replay.look(row.row().key());
          return row;
        });
    replay.process();
  }

  private Outcome again(QuarantinedRow row) {
    if (!table.lock(row)) {
      return Outcome.TAKEN;
    }
    var found = replay.row(row.row().key());
    table.remove(row);
    return found ? Outcome.DONE : Outcome.NOTHING_TO_DO;
  }

  private Decision after(Throwable failure, int attempt, int counted) {
    var sqlState = SqlFailure.of(failure).sqlState();
    return context
        .failures()
        .after(new Failure(failure, sqlState, attempt, counted, 1, true, true));
  }

  private static void refuseTheRest(QuarantinedRow row, Throwable failure) {
    var reaction = ErrorTable.reaction(failure);
    // What refuses a row, as 'expect' does, may take another one.
    var hopeless = reaction == Reaction.STOP && !(failure instanceof RefusedException);
    if (hopeless || reaction == Reaction.RECONNECT || reaction == Reaction.WAIT) {
      throw new RefusedException(
          "%s. It stays in quarantine, and those after it were not tried"
              .formatted(error(row, failure).message()),
          failure);
    }
  }

  private static BadRow error(QuarantinedRow row, Throwable failure) {
    var key = row.row().key();
    var again = new IterationFailedException(failure, "at the key " + key, FailureKind.of(failure));
    return new BadRow(key, again.sqlState(), String.valueOf(again.getMessage()));
  }

  /** The same key of another table would be another row. */
  private void requireSameAxis(QuarantinedRow row) {
    if (!runsOfSameAxis.add(row.run())) {
      return;
    }
    var axis =
        RunReader.last(session.jdbc(), row.update(), row.run())
            .lane()
            .map(Lane::checkpoint)
            .map(checkpoint -> checkpoint.axis())
            .orElse(replay.axis());
    if (!axis.equals(replay.axis())) {
      throw new RefusedException(
          "expected to read %1$s, as when run %2$d put its rows aside, found %3$s. Put that back, or forget these rows with: quarantine drop %4$s --run %2$d"
              .formatted(axis, row.run(), replay.axis(), row.update()));
    }
  }

  @Override
  public void close() {
    try {
      replay.close();
    } finally {
      session.close();
    }
  }
}
