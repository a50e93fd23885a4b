package io.undercurrent.worker;

import static java.util.Objects.requireNonNull;

import io.undercurrent.execution.Workers.Offers;
import io.undercurrent.lane.LaneSession;
import io.undercurrent.lease.FencedPool;
import io.undercurrent.time.TimeSource;
import io.undercurrent.worker.ClaimedSlices.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * The slices of one execution, on offer to workers. What a worker says is not asked for: the rows
 * show whether it has a slice, whether it still is at it, and how it ended.
 */
final class SlicesOnOffer implements Offers {

  /** How often the rows are read. */
  static final Duration LOOK = Duration.ofMillis(250);

  private static final Duration SILENT = Duration.ofSeconds(15);

  private final RequestSender sender;
  private final FencedPool pool;
  private final JobRepository repository;
  private final String update;
  private final TimeSource time;
  private final Map<Long, Long> asked = new HashMap<>();
  private Map<Long, State> seen = Map.of();
  private @Nullable Long seenAt;
  private @Nullable Long unansweredAt;

  SlicesOnOffer(
      RequestSender sender,
      FencedPool pool,
      JobRepository repository,
      String update,
      TimeSource time) {
    this.sender = sender;
    this.pool = pool;
    this.repository = repository;
    this.update = update;
    this.time = time;
  }

  @Override
  public LaneSession lane(Supplier<? extends LaneSession> own) {
    return new OfferingLane(this, own, time);
  }

  /** The slice as its row was a moment ago. */
  synchronized State look(StepExecution slice) {
    if (seenAt == null || time.since(seenAt).compareTo(LOOK) >= 0) {
      var rows =
          requireNonNull(
              pool.transactions()
                  .execute(status -> claims().of(slice.getJobExecution().getId(), update)));
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
  boolean ask(StepExecution slice, State row) {
    synchronized (this) {
      if (row.free() <= asked.size() || isSilent()) {
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

  private boolean isSilent() {
    return unansweredAt != null && time.since(unansweredAt).compareTo(SILENT) < 0;
  }

  /** Nobody has answered in time; for a while nobody is asked, so that not every slice waits. */
  synchronized void unanswered(State row) {
    unansweredAt = time.nanos();
    answered(row);
  }

  /** It is not waited for any more. */
  synchronized void answered(State row) {
    asked.remove(row.stepExecution());
  }

  /** Changes rows, which all lanes see at once. */
  void change(Consumer<ClaimedSlices> change) {
    pool.transactions().executeWithoutResult(status -> change.accept(claims()));
    synchronized (this) {
      seenAt = null;
    }
  }

  private ClaimedSlices claims() {
    return new ClaimedSlices(pool.client());
  }

  /** Has a slice be what its rows say. */
  void refresh(StepExecution slice) {
    var now = requireNonNull(repository.getStepExecution(slice.getId()), "the slice's row");
    slice.setVersion(requireNonNull(now.getVersion(), "version"));
    slice.setStatus(now.getStatus());
    slice.setExitStatus(now.getExitStatus());
    Optional.ofNullable(now.getStartTime()).ifPresent(slice::setStartTime);
    Optional.ofNullable(now.getEndTime()).ifPresent(slice::setEndTime);
    Optional.ofNullable(now.getLastUpdated()).ifPresent(slice::setLastUpdated);
    slice.setReadCount(now.getReadCount());
    slice.setWriteCount(now.getWriteCount());
    slice.setFilterCount(now.getFilterCount());
    slice.setCommitCount(now.getCommitCount());
    slice.setRollbackCount(now.getRollbackCount());
    slice.setExecutionContext(new ExecutionContext(now.getExecutionContext()));
  }
}
