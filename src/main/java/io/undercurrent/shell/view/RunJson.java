package io.undercurrent.shell.view;

import io.undercurrent.history.Run;
import io.undercurrent.history.RunTimes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stable form of a run. */
public record RunJson(
    String update,
    String job,
    long run,
    String status,
    Instant queuedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    int restarts,
    long read,
    long filtered,
    long written,
    long commits,
    long rollbacks,
    long durationMs,
    @Nullable String exitCode,
    @Nullable String lastError,
    long walked,
    long matching,
    @Nullable Long changed,
    @Nullable String warning,
    long quarantined,
    @Nullable Map<String, Long> timesMs) {

  public static RunJson of(Run run) {
    return new RunJson(
        run.update(),
        run.job(),
        run.number(),
        run.status().name(),
        run.queuedAt(),
        run.startedAt(),
        run.endedAt(),
        run.restarts(),
        run.read(),
        run.filtered(),
        run.written(),
        run.commits(),
        run.rollbacks(),
        run.working().toMillis(),
        run.exitCode(),
        run.lastError(),
        run.read(),
        run.matching(),
        run.changed(),
        run.warning(),
        run.quarantined(),
        millis(run.times()));
  }

  /** By activity; null of a run that was never counted. */
  static @Nullable Map<String, Long> millis(@Nullable RunTimes times) {
    if (times == null) {
      return null;
    }
    var millis = new LinkedHashMap<String, Long>();
    times.parts().forEach((activity, spent) -> millis.put(activity, spent.toMillis()));
    return millis;
  }
}
