package io.undercurrent.index;

import io.undercurrent.database.Database;
import io.undercurrent.lease.BuildSessions;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** The build of a cancelled update: waits until its runner has cut it, and clears away the rest. */
final class CancelledBuild {

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Database database;
  private final CreateIndex work;
  private final BuildSessions sessions;
  private final boolean underWay;
  private final Duration patience;
  private final TimeSource time;
  private final long begin;

  /**
   * A build that its runner is to cut from now on.
   *
   * @param underWay whether the runner was building when the update was cancelled
   * @param time measures how long that takes, and waits
   */
  CancelledBuild(Database database, CreateIndex work, boolean underWay, TimeSource time) {
    this(database, work, underWay, PATIENCE, time);
  }

  CancelledBuild(
      Database database, CreateIndex work, boolean underWay, Duration patience, TimeSource time) {
    this.database = database;
    this.work = work;
    this.sessions = new BuildSessions(database.jdbc());
    this.underWay = underWay;
    this.patience = patience;
    this.time = time;
    this.begin = time.nanos();
  }

  /** What became of the index, in a sentence; nothing if there never was any. */
  Optional<String> clear() {
    if (underWay && !awaitEnd()) {
      return Optional.of(
          "The runner has not stopped building index '%s' within %d s; its session ends with the runner"
              .formatted(work.name(), patience.toSeconds()));
    }
    var took = time.since(begin);
    return switch (fate()) {
      case ABSENT -> underWay ? Optional.of(cut(took)) : Optional.empty();
      case DROPPED ->
          Optional.of(
              underWay
                  ? cut(took)
                  : "Index '%s', which an earlier build had left INVALID, has been dropped."
                      .formatted(work.name()));
      case PARTS_DROPPED ->
          Optional.of(
              underWay
                  ? cut(took)
                  : "What an earlier build of index '%s' had left on partitions of %s has been dropped."
                      .formatted(work.name(), work.table()));
      case SHARED ->
          Optional.of(
              "Index '%s' is INVALID, and stays: indexes of partitions are attached to it that this update has not built, and would go along. If they may: %s"
                  .formatted(work.name(), drop()));
      case VALID -> Optional.of("Index '%s' has been built; it stays.".formatted(work.name()));
      case INVALID ->
          Optional.of(
              "Index '%s' is INVALID, and transactions that use its table keep it from being dropped. Once they have ended: %s"
                  .formatted(work.name(), drop()));
    };
  }

  private String cut(Duration took) {
    return "The build of index '%s' was stopped after %d ms; nothing of it is left."
        .formatted(work.name(), took.toMillis());
  }

  private CancelledIndex.Fate fate() {
    try (var observer = database.pool("undercurrent cancel", 1, "")) {
      return CancelledIndex.clear(
          database.connect("undercurrent cancel"),
          new JdbcTemplate(observer),
          work,
          patience,
          time);
    }
  }

  private String drop() {
    try (var connections = database.pool("undercurrent cancel", 1, "")) {
      return CancelledIndex.drop(connections, work);
    }
  }

  private boolean awaitEnd() {
    try {
      while (sessions.underWay()) {
        if (time.since(begin).compareTo(patience) > 0) {
          return false;
        }
        time.sleep(LOOK);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
