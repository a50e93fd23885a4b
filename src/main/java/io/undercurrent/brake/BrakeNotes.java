package io.undercurrent.brake;

import io.undercurrent.lease.Lease;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Notes for other processes what holds updates: each change, and the figures every now and then.
 */
public final class BrakeNotes {

  private static final Duration REFRESH = Duration.ofSeconds(3);

  private final Lease lease;
  private final TimeSource time;
  private @Nullable List<Brake> noted;
  private long notedAt;

  public BrakeNotes(Lease lease, TimeSource time) {
    this.lease = lease;
    this.time = time;
  }

  /** Notes what holds now, if it is time to; on the lease's connection. */
  public void note(List<Brake> now) {
    if (!isNews(now) && (now.isEmpty() || time.since(notedAt).compareTo(REFRESH) < 0)) {
      return;
    }
    new BrakeTable(lease.jdbc()).note(lease.epoch(), now);
    noted = now;
    notedAt = time.nanos();
  }

  private boolean isNews(List<Brake> now) {
    var before = noted;
    return before == null
        || before.size() != now.size()
        || IntStream.range(0, now.size()).anyMatch(i -> !now.get(i).isLike(before.get(i)));
  }

  /** Forgets all: this process runs no updates from now on. */
  public void clear() {
    new BrakeTable(lease.jdbc()).note(lease.epoch(), List.of());
  }
}
