package io.undercurrent.lease;

/**
 * What keeps the transactions of a process from being committed once another process has taken the
 * database over.
 *
 * @param owner the process
 * @param database the database, for messages
 * @param epoch that of its lease
 */
public record Fence(Owner owner, String database, long epoch) {

  /** SQL that returns a row, locked until the transaction ends, as long as the lease is held. */
  public String sql() {
    return "SELECT 1 FROM undercurrent.lease WHERE epoch = " + epoch + " FOR KEY SHARE";
  }

  /** What to throw where it returns none. */
  public LeaseLostException lost() {
    return LeaseLostException.to(owner.name(), database);
  }
}
