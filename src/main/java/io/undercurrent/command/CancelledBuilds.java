package io.undercurrent.command;

import io.undercurrent.database.Database;
import io.undercurrent.index.CancelledIndex;
import io.undercurrent.job.Work.CreateIndex;
import io.undercurrent.status.IndexBuilds;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/** Looks on while a runner cuts the build of a cancelled update, and clears away what is left. */
final class CancelledBuilds {

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Database database;
  private final IndexBuilds builds;
  private final boolean underWay;
  private final Duration patience;
  private final TimeSource time;
  private final long begin;

  /**
   * Begins to look on.
   *
   * @param underWay whether the runner was building when the update was cancelled
   * @param time measures how long that takes, and waits
   */
  CancelledBuilds(Database database, boolean underWay, TimeSource time) {
    this(database, underWay, PATIENCE, time);
  }

  CancelledBuilds(Database database, boolean underWay, Duration patience, TimeSource time) {
    this.database = database;
    this.builds = new IndexBuilds(database.jdbc());
    this.underWay = underWay;
    this.patience = patience;
    this.time = time;
    this.begin = time.nanos();
  }

  /** What became of an update's index, in a sentence; nothing if there never was any. */
  Optional<String> clear(CreateIndex work) {
    if (underWay && !awaitEnd()) {
      return Optional.of(
          "The runner has not cut the build of index '%s' within %d s; it still has a session, which the server ends with the runner"
              .formatted(work.name(), patience.toSeconds()));
    }
    var took = time.since(begin);
    var fate = fate(work);
    return switch (fate) {
      case ABSENT -> underWay ? Optional.of(cut(work, took)) : Optional.empty();
      case DROPPED ->
          Optional.of(
              underWay
                  ? cut(work, took)
                  : "Index '%s', which an earlier build had left INVALID, is dropped."
                      .formatted(work.name()));
      case VALID -> Optional.of("Index '%s' is built; it stays.".formatted(work.name()));
      case INVALID ->
          Optional.of(
              "Index '%s' is INVALID, and transactions that use its table keep it from being dropped. Once they have ended: %s"
                  .formatted(work.name(), drop(work)));
    };
  }

  private static String cut(CreateIndex work, Duration took) {
    return "The build of index '%s' was cut after %d ms; nothing of it is left."
        .formatted(work.name(), took.toMillis());
  }

  private CancelledIndex.Fate fate(CreateIndex work) {
    try (var observer = database.pool("undercurrent cancel", 1, "")) {
      return CancelledIndex.clear(
          database.connect("undercurrent cancel"),
          new JdbcTemplate(observer),
          work,
          patience,
          time);
    }
  }

  private String drop(CreateIndex work) {
    try (var connections = database.pool("undercurrent cancel", 1, "")) {
      return CancelledIndex.drop(connections, work);
    }
  }

  private boolean awaitEnd() {
    try {
      while (builds.underWay()) {
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
