package io.undercurrent.database;

/**
 * A stretch of a cluster's history: a server that is promoted begins a new one.
 *
 * @param system the cluster's system identifier: copies have the same, a restored dump another one
 * @param number greater than that of the timeline before
 */
public record Timeline(long system, long number) {

  private static final String DIGITS = "left(pg_walfile_name(pg_current_wal_lsn()), 8)";

  /** An SQL expression: the cluster's system identifier. */
  public static final String SYSTEM = "(SELECT system_identifier FROM pg_control_system())";

  // pg_control_checkpoint() has a new timeline only after the next checkpoint.
  /** An SQL expression: the number of the timeline that a server writes; it fails on a standby. */
  public static final String NUMBER = "CAST(CAST('x' || " + DIGITS + " AS bit(32)) AS bigint)";

  /** An SQL condition: the server writes this timeline. */
  public String condition() {
    return "%s = '%08X'".formatted(DIGITS, number);
  }

  /** Whether this has replaced another one of the same cluster. */
  public boolean isAfter(Timeline other) {
    return system == other.system && number > other.number;
  }
}
