package io.undercurrent.shell.view;

import io.undercurrent.lease.RunnerView;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.BlockerView;
import io.undercurrent.status.DatabaseStatus.CountsView;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.DatabaseStatus.IndexBuildView;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import java.time.Duration;
import java.time.Instant;
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

  private Statuses() {}

  static DatabaseStatus idle() {
    return new DatabaseStatus("master", null, true, null, null, 0, null);
  }

  static DatabaseStatus paused() {
    return new DatabaseStatus("master", null, false, HERE, null, 0, null);
  }

  public static DatabaseStatus down() {
    return new DatabaseStatus("master", "Connection refused", false, null, null, 0, null);
  }

  public static DatabaseStatus running() {
    return current("running", null);
  }

  /** One item among twenty keys. */
  public static DatabaseStatus matchingRarely() {
    return current("running", null, new CountsView(12_000, 600L, 598L));
  }

  static DatabaseStatus current(String state, @Nullable String reason) {
    return current(state, reason, new CountsView(12_000, 12_000L, 12_000L));
  }

  private static DatabaseStatus current(String state, @Nullable String reason, CountsView counts) {
    var update =
        new CurrentUpdate(
            "populate_stats_process_rooms",
            "populate_stats_process_rooms",
            1,
            state,
            12_000,
            97,
            Duration.ofSeconds(10),
            12.44,
            1_240,
            Duration.ofMillis(97),
            List.of(Duration.ofMillis(88), Duration.ofMillis(140), Duration.ofMillis(97)),
            new ProgressView(
                42.7, Duration.ofSeconds(80), "12,000 of about 28,000 rooms (planner's estimate)"),
            null,
            counts);
    return new DatabaseStatus("master", null, true, HERE, update, 2, reason);
  }

  /** In its first iteration. */
  static DatabaseStatus beginning() {
    return buildingAnIndex(null);
  }

  public static DatabaseStatus buildingAnIndex(@Nullable IndexBuildView build) {
    var update =
        new CurrentUpdate(
            "index_titles",
            "titles",
            1,
            "running",
            0,
            0,
            Duration.ZERO,
            null,
            null,
            null,
            List.of(),
            null,
            build,
            new CountsView(0, 0L, null));
    return new DatabaseStatus("master", null, true, HERE, update, 1, null);
  }

  public static IndexBuildView waitingForAReport() {
    return new IndexBuildView(
        "halls_title",
        4712,
        "waiting for old snapshots",
        null,
        null,
        new BlockerView(
            4713,
            "anna",
            "report",
            "idle in transaction",
            Instant.parse("2026-11-21T07:59:00Z"),
            "SELECT count(*) FROM halls"));
  }
}
