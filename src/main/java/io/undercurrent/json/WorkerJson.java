package io.undercurrent.json;

import io.undercurrent.status.WorkerView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stable form of a worker. */
public record WorkerJson(
    String worker,
    String host,
    long pid,
    String version,
    int lanes,
    Instant since,
    Instant lastSeen,
    boolean alive,
    List<String> slices,
    @Nullable String unfitFor,
    @Nullable String unfitBecause) {

  public static WorkerJson of(WorkerView worker) {
    return new WorkerJson(
        worker.name(),
        worker.host(),
        worker.pid(),
        worker.version(),
        worker.lanes(),
        worker.since(),
        worker.lastSeen(),
        worker.alive(),
        worker.slices(),
        worker.unfitFor(),
        worker.unfitBecause());
  }
}
