package io.undercurrent.worker;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.SliceFailedException;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import io.undercurrent.worker.ClaimedSlices.State;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * One slice that a lane offers, until a worker has done it, or the lane is to work on it itself.
 */
final class Offer {

  /** How long a request may stay without an answer. */
  private static final Duration UNANSWERED = Duration.ofSeconds(3);

  /** How long a worker may take to stop. */
  private static final Duration STOPPING = Duration.ofSeconds(10);

  /** How long a worker may take to say what its slice has failed with. */
  private static final Duration EXPLAINING = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Offer.class);

  private final SlicesOnOffer slices;

  private final StepExecution slice;
  private final StopSignal stop;
  private final TimeSource time;
  private @Nullable Long askedAt;
  private long askedVersion;
  private @Nullable Long stopAskedAt;
  private @Nullable Long failedAt;

  Offer(SlicesOnOffer slices, StepExecution slice, StopSignal stop, TimeSource time) {
    this.slices = slices;
    this.slice = slice;
    this.stop = stop;
    this.time = time;
  }

  /** Whether a worker has done it; if not, it is the caller's. */
  boolean await() {
    while (true) {
      try {
        stop.workElsewhere();
        var row = slices.look(slice);
        var done =
            switch (row.status()) {
              case STARTING -> starting(row);
              case STARTED, STOPPING, UNKNOWN -> underWay(row);
              case STOPPED -> stopped(row);
              case FAILED -> failed(row);
              case COMPLETED, ABANDONED -> ended(row);
            };
        if (done != null) {
          return done;
        }
        time.sleep(SlicesOnOffer.LOOK);
      } catch (DataAccessException | TransactionException e) {
        waitForTheDatabase(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  /** Until the lease is lost, which stops the run. */
  private void waitForTheDatabase(RuntimeException failure) {
    if (stop.reason() != null || !SqlFailure.of(failure).down()) {
      throw failure;
    }
    try {
      time.sleep(SlicesOnOffer.LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  private @Nullable Boolean starting(State row) {
    if (stop.isHeld() && stop.reason() == null) {
      return null;
    }
    if (isAsked(row) && stop.reason() == null && since(askedAt).compareTo(UNANSWERED) < 0) {
      return null;
    }
    if (!isAsked(row) && stop.reason() == null && slices.ask(slice, row)) {
      askedAt = time.nanos();
      askedVersion = row.version();
      return null;
    }
    return take(row);
  }

  private boolean isAsked(State row) {
    return askedAt != null && askedVersion == row.version();
  }

  private @Nullable Boolean take(State row) {
    if (isAsked(row) && stop.reason() == null) {
      log.info("No worker takes {}; this process works on it", slice.getStepName());
      slices.unanswered(row);
    } else {
      slices.answered(row);
    }
    var mine = new boolean[1];
    slices.change(claims -> mine[0] = claims.take(row.stepExecution(), row.version()));
    if (!mine[0]) {
      return null;
    }
    slices.refresh(slice);
    return false;
  }

  private @Nullable Boolean underWay(State row) {
    if (row.lost() || hasNotStopped()) {
      log.warn(
          "{} is taken from {}, which {}",
          slice.getStepName(),
          row.workerName() == null ? "its worker" : row.workerName(),
          row.lost() ? "is gone or hangs" : "does not stop");
      slices.change(claims -> claims.takeAway(row));
      stopAskedAt = null;
    } else if ((stop.reason() != null || stop.isHeld()) && stopAskedAt == null) {
      var reason = stop.reason() == null ? "fewer lanes are wanted" : stop.reason();
      slices.change(claims -> claims.askToStop(row.stepExecution(), reason));
      stopAskedAt = time.nanos();
    }
    return null;
  }

  private boolean hasNotStopped() {
    return stopAskedAt != null && since(stopAskedAt).compareTo(STOPPING) > 0;
  }

  /** A worker may stop for its own end. */
  private @Nullable Boolean stopped(State row) {
    if (stop.reason() != null) {
      return ended(row);
    }
    slices.change(claims -> claims.reopen(row.stepExecution(), row.version()));
    stopAskedAt = null;
    return null;
  }

  private @Nullable Boolean failed(State row) {
    var failure = row.failure();
    if (failure == null && row.worker() != null) {
      if (failedAt == null) {
        failedAt = time.nanos();
      }
      if (since(failedAt).compareTo(EXPLAINING) < 0) {
        return null;
      }
    }
    ended(row);
    if (failure != null) {
      slice.addFailureException(new SliceFailedException(failure));
    }
    return true;
  }

  private Boolean ended(State row) {
    slices.change(claims -> claims.letGo(row.stepExecution()));
    slices.refresh(slice);
    return true;
  }

  private Duration since(@Nullable Long moment) {
    return moment == null ? Duration.ZERO : time.since(moment);
  }
}
