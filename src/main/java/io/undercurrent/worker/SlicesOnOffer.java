package io.undercurrent.worker;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.SliceFailedException;
import io.undercurrent.execution.Workers.Offers;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import io.undercurrent.worker.ClaimedSlices.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The slices of one execution, on offer to workers. What a worker says is not asked for: the rows
 * show whether it has a slice, whether it still is at it, and how it ended.
 */
final class SlicesOnOffer implements Offers {

  private static final Duration LOOK = Duration.ofMillis(500);

  /** How long a request may stay without an answer; then the runner works on the slice itself. */
  private static final Duration UNANSWERED = Duration.ofSeconds(3);

  /** How long a worker may take to stop. */
  private static final Duration STOPPING = Duration.ofSeconds(10);

  /** How long a worker may take to say what its slice has failed with. */
  private static final Duration EXPLAINING = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(SlicesOnOffer.class);

  private final RequestSender sender;
  private final FencedPool pool;
  private final JobRepository repository;
  private final QueuedUpdate update;
  private final StopSignal stop;
  private final TimeSource time;
  private final Map<Long, Long> asked = new HashMap<>();
  private Map<Long, State> seen = Map.of();
  private @Nullable Long seenAt;

  SlicesOnOffer(
      RequestSender sender,
      FencedPool pool,
      JobRepository repository,
      QueuedUpdate update,
      StopSignal stop,
      TimeSource time) {
    this.sender = sender;
    this.pool = pool;
    this.repository = repository;
    this.update = update;
    this.stop = stop;
    this.time = time;
  }

  @Override
  public boolean work(StepExecution slice) {
    return new Offer(slice).await();
  }

  /** The slice as its row was at most half a second ago. */
  private synchronized State look(StepExecution slice) {
    if (seenAt == null || time.since(seenAt).compareTo(LOOK) >= 0) {
      var rows =
          requireNonNull(
              pool.transactions()
                  .execute(
                      status ->
                          claims().of(slice.getJobExecution().getId(), update.name())));
      var now = new HashMap<Long, State>();
      rows.forEach(row -> now.put(row.stepExecution(), row));
      asked.entrySet().removeIf(request -> isAnswered(now.get(request.getKey()), request));
      seen = now;
      seenAt = time.nanos();
    }
    return requireNonNull(seen.get(slice.getId()), "the slice's row");
  }

  private static boolean isAnswered(@Nullable State slice, Map.Entry<Long, Long> request) {
    return slice == null || slice.version() != request.getValue();
  }

  /** Asks for a worker, if one has a lane for it. */
  private boolean ask(StepExecution slice, State row) {
    synchronized (this) {
      if (row.free() <= asked.size()) {
        return false;
      }
      asked.put(row.stepExecution(), row.version());
    }
    var fence = pool.sessions().fence();
    var sent =
        sender.send(
            new SliceRequest(
                fence.database(),
                slice.getJobExecution().getId(),
                row.stepExecution(),
                slice.getStepName(),
                fence.epoch(),
                row.version()));
    if (!sent) {
      answered(row);
    }
    return sent;
  }

  private synchronized void answered(State row) {
    asked.remove(row.stepExecution());
  }

  private void change(Consumer<ClaimedSlices> change) {
    pool.transactions().executeWithoutResult(status -> change.accept(claims()));
    synchronized (this) {
      seenAt = null;
    }
  }

  private ClaimedSlices claims() {
    return new ClaimedSlices(pool.client());
  }

  /** One slice, from its offer to its end. */
  private final class Offer {

    private final StepExecution slice;
    private @Nullable Long askedAt;
    private long askedVersion;
    private @Nullable Long stopAskedAt;
    private @Nullable Long failedAt;

    Offer(StepExecution slice) {
      this.slice = slice;
    }

    /** Whether a worker has done it; if not, it is the caller's. */
    boolean await() {
      while (true) {
        try {
          var row = look(slice);
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
          time.sleep(LOOK);
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
        time.sleep(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failure;
      }
    }

    private @Nullable Boolean starting(State row) {
      if (isAsked(row) && stop.reason() == null && since(askedAt).compareTo(UNANSWERED) < 0) {
        return null;
      }
      if (!isAsked(row) && stop.reason() == null && ask(slice, row)) {
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
      }
      answered(row);
      var mine = new boolean[1];
      change(claims -> mine[0] = claims.take(row.stepExecution(), row.version()));
      if (!mine[0]) {
        return null;
      }
      refresh();
      return false;
    }

    private @Nullable Boolean underWay(State row) {
      if (row.lost() || hasNotStopped()) {
        log.warn(
            "{} is taken from {}, which {}",
            slice.getStepName(),
            row.workerName() == null ? "its worker" : row.workerName(),
            row.lost() ? "is gone or hangs" : "does not stop");
        change(claims -> claims.takeAway(row));
      } else if (stop.reason() != null && stopAskedAt == null) {
        change(
            claims ->
                claims.askToStop(
                    slice.getJobExecution().getId(), requireNonNull(stop.reason(), "reason")));
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
      change(claims -> claims.reopen(row.stepExecution(), row.version()));
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
      change(claims -> claims.letGo(row.stepExecution()));
      refresh();
      return true;
    }

    private Duration since(@Nullable Long moment) {
      return moment == null ? Duration.ZERO : time.since(moment);
    }

    /** Has the slice be what its rows say. */
    private void refresh() {
      var now = requireNonNull(repository.getStepExecution(slice.getId()), "the slice's row");
      slice.setVersion(now.getVersion());
      slice.setStatus(now.getStatus());
      slice.setExitStatus(now.getExitStatus());
      slice.setStartTime(now.getStartTime());
      slice.setEndTime(now.getEndTime());
      slice.setLastUpdated(now.getLastUpdated());
      slice.setReadCount(now.getReadCount());
      slice.setWriteCount(now.getWriteCount());
      slice.setFilterCount(now.getFilterCount());
      slice.setCommitCount(now.getCommitCount());
      slice.setRollbackCount(now.getRollbackCount());
      slice.setExecutionContext(new ExecutionContext(now.getExecutionContext()));
    }
  }
}
