package io.undercurrent.admin;

import io.undercurrent.runner.BackgroundUpdates;
import io.undercurrent.runner.DatabaseStatus;
import java.time.Duration;
import java.util.List;

/**
 * What the databases that answer are doing. Requests that come within a moment share one look, so
 * that clients who ask often take nothing from the updates.
 */
final class Statuses {

  private static final Duration MOMENT = Duration.ofMillis(250);

  private final BackgroundUpdates updates;
  private final Questions questions;
  private List<DatabaseStatus> seen = List.of();
  private long seenAt = System.nanoTime() - MOMENT.toNanos();

  Statuses(BackgroundUpdates updates, Questions questions) {
    this.updates = updates;
    this.questions = questions;
  }

  synchronized List<DatabaseStatus> now() {
    if (System.nanoTime() - seenAt >= MOMENT.toNanos()) {
      seen =
          questions.askAll(updates::glance).values().stream()
              .filter(status -> status.problem() == null)
              .toList();
      seenAt = System.nanoTime();
    }
    return seen;
  }

  /** Has the next request look again: something was changed. */
  synchronized void forget() {
    seenAt = System.nanoTime() - MOMENT.toNanos();
  }
}
