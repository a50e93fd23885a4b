package io.undercurrent.shell.view;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.controller.Performance;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.iteration.RecentIterations;
import io.undercurrent.iteration.Written;
import io.undercurrent.lease.RunnerView;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Blocker;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import io.undercurrent.status.DatabaseStatus.UpdateView;
import io.undercurrent.status.Lane;
import io.undercurrent.status.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a database may be doing. */
public final class Statuses {

  private static final RunnerView HERE =
      new RunnerView(
          true,
          "pid 4711 on db-host",
          Instant.parse("2026-11-21T08:00:00Z"),
          Instant.parse("2026-11-21T08:00:05Z"));

  /** As of an index build, whose rows nobody counts. */
  private static final Progress UNCOUNTED =
      new Progress(
          Performance.NONE,
          0,
          0,
          0,
          null,
          0,
          new RecentIterations(List.of()),
          new Written(0L, ChangedRows.UNKNOWN));

  private Statuses() {}

  static DatabaseStatus idle() {
    return DatabaseStatus.untouched("master");
  }

  static DatabaseStatus paused() {
    return new DatabaseStatus(
        "master", null, false, HERE, null, List.of(), List.of(), List.of(Hold.of(Kind.EMPTY)));
  }

  public static DatabaseStatus down() {
    return DatabaseStatus.unreachable("master", "Connection refused");
  }

  public static DatabaseStatus running() {
    return current(UpdateState.RUNNING, null);
  }

  /** One item among twenty keys. */
  public static DatabaseStatus matchingRarely() {
    return current(UpdateState.RUNNING, null, new Written(600L, changed(598)));
  }

  static DatabaseStatus current(UpdateState state, @Nullable String reason) {
    return current(state, reason, new Written(12_000L, changed(12_000)));
  }

  private static DatabaseStatus current(
      UpdateState state, @Nullable String reason, Written written) {
    var progress =
        new Progress(
            new Performance(12_000, 10_000, 1_244, 100),
            97,
            12_000,
            28_000,
            new ChunkSize(1_240, Rule.PACE, 100, 12.4),
            97,
            new RecentIterations(
                List.of(Duration.ofMillis(88), Duration.ofMillis(140), Duration.ofMillis(97))),
            written);
    var update =
        new CurrentUpdate(
            queued("populate_stats_process_rooms", "populate_stats_process_rooms"),
            state,
            run(progress),
            new ProgressView(
                42.7, Duration.ofSeconds(80), "12,000 of about 28,000 rooms (planner's estimate)"),
            null,
            null,
            null);
    return status(update, 2, reason);
  }

  private static ChangedRows changed(long rows) {
    return new ChangedRows(List.of(rows));
  }

  private static QueuedUpdate queued(String name, String job) {
    return new QueuedUpdate(
        name, job, 1, null, 0, HERE.since(), 0, null, null, null, null, null, null, null);
  }

  private static RunView run(Progress progress) {
    var lane =
        new Lane(
            new Checkpoint(progress, null, null, null, null),
            progress.rows(),
            progress.iterations(),
            // with a second of sleep before each iteration
            Duration.ofMillis(1_104 * progress.iterations()),
            null);
    return new RunView(true, true, false, List.of(lane), 0);
  }

  private static DatabaseStatus status(CurrentUpdate current, int queued, @Nullable String reason) {
    return new DatabaseStatus(
        "master",
        null,
        true,
        HERE,
        current,
        Collections.nCopies(
            queued, new UpdateView(current.queued(), current.state(), List.of(), 0)),
        List.of(),
        reason == null ? List.of() : List.of(Hold.of(Kind.READ_ONLY).what(reason)));
  }

  /** In its first iteration. */
  static DatabaseStatus beginning() {
    return buildingAnIndex(null);
  }

  public static DatabaseStatus buildingAnIndex(@Nullable IndexBuildView build) {
    return status(
        new CurrentUpdate(
            queued("index_titles", "titles"),
            UpdateState.RUNNING,
            run(UNCOUNTED),
            null,
            build,
            null,
            null),
        1,
        null);
  }

  public static IndexBuildView waitingForAReport() {
    return new IndexBuildView(
        "halls_title",
        null,
        null,
        4712,
        true,
        "waiting for old snapshots",
        null,
        null,
        new Blocker(
            4713,
            "anna",
            "report",
            "idle in transaction",
            Instant.parse("2026-11-21T07:59:00Z"),
            "SELECT count(*) FROM halls"));
  }
}
