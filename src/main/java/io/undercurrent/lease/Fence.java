package io.undercurrent.lease;

import io.undercurrent.database.Database;
import io.undercurrent.database.Timeline;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the transactions of a process from being committed once another process has taken the
 * database over, and from going on where another server has the same lease: a copy.
 *
 * @param owner the process
 * @param database the database, for messages
 * @param epoch that of its lease
 * @param timeline the one on which the lease was taken, or null if the server does not say
 */
public record Fence(Owner owner, String database, long epoch, @Nullable Timeline timeline) {

  /**
   * That of an epoch which another process holds, for one that works for it.
   *
   * @param worker the process that works
   * @throws LeaseLostException if it is not the database's epoch now
   */
  public static Fence of(Owner worker, Database database, long epoch) {
    return new LeaseTable(database.jdbc(), database.tellsTimeline())
        .held(epoch)
        .map(held -> new Fence(worker, database.name(), epoch, held.timeline()))
        .orElseThrow(() -> new Fence(worker, database.name(), epoch, null).lost());
  }

  /**
   * SQL that returns a row, locked until the transaction ends, as long as the lease is held. There
   * is only one, but it is renewed all day long, and an old snapshot keeps what it was: the newest
   * is found first.
   */
  public String sql() {
    return "SELECT 1 FROM undercurrent.lease WHERE "
        + condition()
        + " ORDER BY generation DESC LIMIT 1 FOR KEY SHARE";
  }

  /** The condition on the lease's row. */
  String condition() {
    return "epoch = " + epoch + (timeline == null ? "" : " AND " + timeline.condition());
  }

  /** What to throw where it returns none. */
  public LeaseLostException lost() {
    return LeaseLostException.to(
        owner.name(), database, "another process or server has taken over");
  }

  /** What to throw where a later timeline was seen. */
  LeaseLostException overtaken() {
    return LeaseLostException.to(
        owner.name(), database, "another server was promoted, and this one is an old primary");
  }
}
