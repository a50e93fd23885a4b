package io.undercurrent.admin;

import io.undercurrent.admin.http.BoundedQueries;
import io.undercurrent.admin.http.SharedLook;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.status.DatabaseStatus;
import java.time.Duration;
import java.util.List;

/** What the databases that answer are doing. */
final class Statuses {

  private static final Duration MOMENT = Duration.ofMillis(250);

  private final SharedLook<List<DatabaseStatus>> look;

  Statuses(BackgroundUpdates updates, BoundedQueries questions) {
    this.look =
        new SharedLook<>(
            MOMENT,
            () ->
                questions.askAll(updates::glance).values().stream()
                    .filter(status -> status.problem() == null)
                    .toList());
  }

  List<DatabaseStatus> now() {
    return look.now();
  }

  /** Has the next request look again after a change. Does not wait for a look under way. */
  void forget() {
    look.forget();
  }
}
