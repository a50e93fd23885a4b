package io.undercurrent.admin.page;

import io.undercurrent.admin.http.Caller;
import io.undercurrent.admin.page.PageStatuses.Seen;
import io.undercurrent.json.QueuedJson;
import io.undercurrent.json.ReasonJson;
import io.undercurrent.json.StatusJson;
import java.time.Instant;
import java.util.List;

/**
 * What the page shows.
 *
 * @param now by the clock of the server
 * @param operator whose token it is
 * @param mayChange whether that has the right to
 */
record PageJson(Instant now, String operator, boolean mayChange, List<DatabaseJson> databases) {

  static PageJson of(Instant now, Caller caller, List<Seen> databases) {
    return new PageJson(
        now,
        caller.operator().name(),
        caller.mayChange(),
        databases.stream().map(DatabaseJson::of).toList());
  }

  /**
   * A database.
   *
   * @param status as {@code status --json} has it
   * @param reasons what holds all of its updates
   * @param updates as {@code queue --json} has them
   */
  private record DatabaseJson(
      StatusJson status, List<ReasonJson> reasons, List<QueuedJson> updates) {

    static DatabaseJson of(Seen seen) {
      var status = seen.status();
      return new DatabaseJson(
          StatusJson.of(status, seen.workers()),
          ReasonJson.all(status.database(), status.holds()),
          status.updates().stream()
              .map(update -> QueuedJson.of(status.database(), update))
              .toList());
    }
  }
}
