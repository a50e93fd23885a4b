package io.undercurrent.lease;

import io.undercurrent.database.Timeline;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The row that says which process holds the lease, on the database's clock.
 *
 * @param jdbc runs the statements
 * @param told whether the server says on which timeline it is
 */
record LeaseTable(JdbcClient jdbc, boolean told) {

  /**
   * Whether a recorded session of the holder still lives, not one of a worker's; start times of
   * other roles' sessions are hidden.
   */
  static final String CONNECTED =
      """
      EXISTS (SELECT
                FROM undercurrent.lease_backends recorded
                JOIN pg_stat_activity session
                  ON session.pid = recorded.pid
                 AND (session.backend_start = recorded.backend_start
                      OR session.backend_start IS NULL)
               WHERE recorded.epoch = lease.epoch
                 AND coalesce(recorded.owner_id, lease.owner_id) = lease.owner_id)""";

  private static final String TAKEABLE =
      "(owner IS NULL OR owner_id = :ownerId OR expires_at < clock_timestamp() OR NOT "
          + CONNECTED
          + ")";

  private static final String GENERATION =
      "CAST(extract(epoch FROM clock_timestamp()) AS bigint) / 600";

  private static final String WAL = "pg_current_wal_flush_lsn()";

  /**
   * What the row says of an epoch.
   *
   * @param timeline the one on which it began, or null if the server did not say
   * @param server the server's address, or null
   */
  record Epoch(long number, @Nullable Timeline timeline, @Nullable String server) {

    private static Epoch of(ResultSet row, int number) throws SQLException {
      var timeline = row.getLong("timeline");
      return new Epoch(
          row.getLong("epoch"),
          row.wasNull() ? null : new Timeline(row.getLong("system_identifier"), timeline),
          row.getString("server"));
    }
  }

  /**
   * What a renewal found.
   *
   * @param lsn how much of the write-ahead log was on disk, or null if the server does not say
   * @param at when
   */
  record Renewal(@Nullable Long lsn, Instant at) {}

  /** The epoch to end where the lease may be taken, or nothing where it is held. */
  Optional<Epoch> takeable(Owner owner) {
    return jdbc.sql(
            "SELECT epoch, system_identifier, timeline, server FROM undercurrent.lease AS lease WHERE "
                + TAKEABLE)
        .param("ownerId", owner.id())
        .query(Epoch::of)
        .optional();
  }

  /** What the row says of an epoch, or nothing if another one is held, or none. */
  Optional<Epoch> held(long epoch) {
    return jdbc.sql(
            """
            SELECT epoch, system_identifier, timeline, server
              FROM undercurrent.lease
             WHERE epoch = :epoch
               AND owner IS NOT NULL""")
        .param("epoch", epoch)
        .query(Epoch::of)
        .optional();
  }

  /**
   * Takes the lease, unless another process was faster. Waits for a transaction of the old epoch
   * that is still committing: it holds FOR KEY SHARE.
   *
   * @param seen the epoch that ends
   * @param starting whether to reset {@code enabled}
   * @return the epoch that begins
   */
  Optional<Epoch> take(Owner owner, long seen, boolean starting) {
    return jdbc.sql(
            """
            UPDATE undercurrent.lease AS lease
               SET epoch = epoch + 1, owner = :owner, owner_id = :ownerId,
                   acquired_at = clock_timestamp(), renewed_at = clock_timestamp(),
                   expires_at = clock_timestamp() + :expiry * interval '1 ms', generation = %s,
                   sleeping_since = NULL, enabled = enabled OR :starting,
                   system_identifier = %s, timeline = %s, wal_lsn = %s,
                   server = host(inet_server_addr()) || ':' || inet_server_port()
             WHERE epoch = :seen
               AND %s
            RETURNING epoch, system_identifier, timeline, server"""
                .formatted(
                    GENERATION,
                    ifTold(Timeline.SYSTEM),
                    ifTold(Timeline.NUMBER),
                    ifTold(WAL),
                    TAKEABLE))
        .param("owner", owner.name())
        .param("ownerId", owner.id())
        .param("expiry", Lease.EXPIRY.toMillis())
        .param("seen", seen)
        .param("starting", starting)
        .query(Epoch::of)
        .optional();
  }

  private String ifTold(String expression) {
    return told ? expression : "NULL";
  }

  /** Renews the lease for so long; nothing if another process holds it, or another server. */
  Optional<Renewal> renew(Fence fence, Duration expiry) {
    return jdbc.sql(
            """
            UPDATE undercurrent.lease
               SET renewed_at = clock_timestamp(),
                   expires_at = clock_timestamp() + :expiry * interval '1 ms', generation = %s,
                   wal_lsn = %s
             WHERE %s
            RETURNING CAST(wal_lsn - '0/0' AS bigint) AS lsn, renewed_at"""
                .formatted(GENERATION, ifTold(WAL), fence.condition()))
        .param("expiry", expiry.toMillis())
        .query(
            (row, number) ->
                new Renewal(
                    row.getObject("lsn", Long.class),
                    row.getObject("renewed_at", OffsetDateTime.class).toInstant()))
        .optional();
  }

  /** Gives the lease back, if it is still held. */
  void release(long epoch) {
    jdbc.sql(
            """
            UPDATE undercurrent.lease
               SET owner = NULL, owner_id = NULL, expires_at = clock_timestamp()
             WHERE epoch = :epoch""")
        .param("epoch", epoch)
        .update();
  }
}
