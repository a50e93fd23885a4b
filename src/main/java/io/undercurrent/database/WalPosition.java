package io.undercurrent.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/**
 * How far a server that accepts writes has got in its write-ahead log.
 *
 * @param host host and port, as the driver has reached it
 * @param timeline the one that it writes
 * @param lsn how much of the log is on its disk
 * @param at when that was so, on its clock
 */
record WalPosition(String host, Timeline timeline, long lsn, Instant at) {

  private static final String QUERY =
      """
      SELECT %s, clock_timestamp(),
             CASE WHEN NOT pg_is_in_recovery() THEN %s END,
             CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() - '0/0' END"""
          .formatted(Timeline.SYSTEM, Timeline.NUMBER);

  /** That of the server that a connection is to, or null if it is a standby. */
  static @Nullable WalPosition of(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(QUERY)) {
      row.next();
      var lsn = row.getLong(4);
      return row.wasNull()
          ? null
          : new WalPosition(
              connection.unwrap(BaseConnection.class).getQueryExecutor().getHostSpec().toString(),
              new Timeline(row.getLong(1), row.getLong(3)),
              lsn,
              row.getObject(2, OffsetDateTime.class).toInstant());
    }
  }

  /** The same server's, somewhat later. */
  WalPosition at(long laterLsn, Instant later) {
    return new WalPosition(host, timeline, laterLsn, later);
  }

  /** Whether another position is one that this server has never come to. */
  boolean isBehind(WalPosition other) {
    return other.timeline.isAfter(timeline) || other.timeline.equals(timeline) && lsn < other.lsn;
  }

  /** The position in the log as PostgreSQL writes it: {@code 0/174D338}. */
  String lsnText() {
    return "%X/%X".formatted(lsn >>> 32, lsn & 0xFFFF_FFFFL);
  }
}
