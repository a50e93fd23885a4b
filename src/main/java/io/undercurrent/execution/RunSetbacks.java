package io.undercurrent.execution;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.FailurePolicy.InPlace;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Setbacks;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Has operators see, in the row of the run, what its next try waits for. */
public final class RunSetbacks implements Setbacks {

  private static final Logger log = LoggerFactory.getLogger(RunSetbacks.class);

  /** Shorter waits are over before anybody reads about them. */
  private static final Duration NOTED = Duration.ofSeconds(1);

  /** Longer waits let other updates go first. */
  private static final Duration LONG = Duration.ofSeconds(4);

  private static final Duration LOOK = Duration.ofMillis(400);

  private final FencedPool pool;
  private final UpdateQueue queue;
  private final QueuedUpdate update;
  private final Surroundings around;
  private final String databaseName;
  private final RunnerListener listener;
  private final StopSignal stop;
  private final TimeSource time;
  private int counted;
  private boolean noted;

  RunSetbacks(
      String databaseName,
      FencedPool pool,
      UpdateQueue queue,
      QueuedUpdate update,
      boolean failing,
      Surroundings around,
      StopSignal stop,
      RunnerListener listener,
      TimeSource time) {
    this.databaseName = databaseName;
    this.listener = listener;
    this.pool = pool;
    this.queue = queue;
    this.update = update;
    this.around = around;
    this.stop = stop;
    this.time = time;
    this.counted = failing ? update.failuresInRow() : 0;
    this.noted = failing && (counted > 0 || update.retryAt() != null);
  }

  @Override
  public int counted() {
    return counted;
  }

  /** Whether the row of the run has to be told that it fails no more. */
  boolean noted() {
    return noted;
  }

  /** The row of the run says that it fails no more. */
  void forgotten() {
    noted = false;
    counted = 0;
  }

  @Override
  public void getOver(IterationFailedException failure, InPlace decision) {
    var pause = decision.pause();
    if (decision.counts()) {
      counted++;
      listener.failed(databaseName, update.name());
    }
    var seen = pause.compareTo(NOTED) >= 0 && note(failure, decision);
    if (seen && pause.compareTo(LONG) >= 0) {
      letOthersGoFirst();
    }
    var begin = time.nanos();
    while (true) {
      var left = pause.minus(time.since(begin));
      if (left.isZero() || left.isNegative() || seen && !backsOff()) {
        return;
      }
      stop.pause(left.compareTo(LOOK) > 0 ? LOOK : left);
    }
  }

  /** What may wait for hours does not keep the queue from what could run meanwhile. */
  private void letOthersGoFirst() {
    try {
      around
          .next()
          .ifPresent(
              other -> {
                throw new StopAtBoundaryException(
                    "lets '%s' go first while it waits".formatted(other.name()));
              });
    } catch (DataAccessException | TransactionException e) {
      log.debug("What else could run is not known", e);
    }
  }

  private boolean note(IterationFailedException failure, InPlace decision) {
    if (SqlFailure.of(failure).down()) {
      // Nobody could be told, and to find that out takes time.
      return false;
    }
    var said = ExecutionFailure.of(failure).waitingFor(around.lockWait());
    try {
      pool.transactions()
          .executeWithoutResult(
              status ->
                  queue.failed(
                      update.name(),
                      update.run(),
                      said.message(),
                      said.sqlState(),
                      decision.pause(),
                      decision.counts()));
      noted = true;
      return true;
    } catch (DataAccessException | TransactionException e) {
      log.warn("Could not note why update {} waits: {}", update.name(), e.getMessage());
      return false;
    }
  }

  private boolean backsOff() {
    try {
      return queue.backsOff(update.name(), update.run());
    } catch (DataAccessException | TransactionException e) {
      return true;
    }
  }
}
