package io.undercurrent.command;

import io.undercurrent.command.Actions.Change;
import io.undercurrent.database.Database;
import io.undercurrent.history.Purge;
import io.undercurrent.history.Purged;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** An operator's purge of the history: chunk after chunk, with rests in between. */
final class PurgeCommand {

  private static final Duration REST = Duration.ofMillis(50);

  private final Database database;
  private final Purge purge;
  private final Operator operator;
  private final TimeSource time;

  /**
   * A purge that has not begun.
   *
   * @param time measures its rests
   */
  PurgeCommand(Database database, Operator operator, TimeSource time) {
    this.database = database;
    this.purge = new Purge(database.jdbc(), database.transactions());
    this.operator = operator;
    this.time = time;
  }

  Purged count(Instant before) {
    return purge.count(before);
  }

  /** Removes all of it, and records how much that was, also where it breaks off. */
  Purged run(Instant before) throws InterruptedException {
    var purged = Purged.NOTHING;
    try {
      for (var some = purge.next(before); !some.isNothing(); some = purge.next(before)) {
        purged = purged.plus(some);
        time.sleep(REST);
      }
      return purged;
    } finally {
      if (!purged.isNothing()) {
        record(purged, before);
      }
    }
  }

  private void record(Purged purged, Instant before) {
    new Actions(database.jdbc(), operator)
        .record(
            new Change(
                "purge",
                null,
                null,
                "removed %d runs and %d records of changes of before %s"
                    .formatted(purged.runs(), purged.actions(), before),
                null));
  }
}
