package io.undercurrent.admin;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.status.DatabaseStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the databases that answer are doing. Requests that come within a moment share one look, so
 * that clients that ask often do not slow the updates down.
 */
final class Statuses {

  private static final Duration MOMENT = Duration.ofMillis(250);

  private final BackgroundUpdates updates;
  private final BoundedQueries questions;
  private Look latest = new Look();

  Statuses(BackgroundUpdates updates, BoundedQueries questions) {
    this.updates = updates;
    this.questions = questions;
  }

  List<DatabaseStatus> now() {
    return latest().statuses();
  }

  private synchronized Look latest() {
    if (latest.isOld()) {
      latest = new Look();
    }
    return latest;
  }

  /** Has the next request look again after a change. Does not wait for a look under way. */
  synchronized void forget() {
    latest = new Look();
  }

  /** A look, taken by the first request while the others wait for it. */
  private final class Look {

    private volatile long takenAt;
    private volatile @Nullable List<DatabaseStatus> seen;

    synchronized List<DatabaseStatus> statuses() {
      var statuses = seen;
      if (statuses == null) {
        statuses =
            questions.askAll(updates::glance).values().stream()
                .filter(status -> status.problem() == null)
                .toList();
        takenAt = System.nanoTime();
        seen = statuses;
      }
      return statuses;
    }

    boolean isOld() {
      return seen != null && System.nanoTime() - takenAt >= MOMENT.toNanos();
    }
  }
}
