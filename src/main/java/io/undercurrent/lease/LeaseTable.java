package io.undercurrent.lease;

import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The row that says which process holds the lease, on the database's clock.
 *
 * @param jdbc runs the statements
 */
record LeaseTable(JdbcClient jdbc) {

  /** Whether a recorded session still lives; start times of other roles' sessions are hidden. */
  static final String CONNECTED =
      """
      EXISTS (SELECT
                FROM undercurrent.lease_backends recorded
                JOIN pg_stat_activity session
                  ON session.pid = recorded.pid
                 AND (session.backend_start = recorded.backend_start
                      OR session.backend_start IS NULL)
               WHERE recorded.epoch = lease.epoch)""";

  private static final String TAKEABLE =
      "(owner IS NULL OR owner_id = :ownerId OR expires_at < clock_timestamp() OR NOT "
          + CONNECTED
          + ")";

  /** The epoch to end where the lease may be taken, or nothing where it is held. */
  Optional<Long> takeable(Owner owner) {
    return jdbc.sql("SELECT epoch FROM undercurrent.lease AS lease WHERE " + TAKEABLE)
        .param("ownerId", owner.id())
        .query(Long.class)
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
  Optional<Long> take(Owner owner, long seen, boolean starting) {
    return jdbc.sql(
            """
            UPDATE undercurrent.lease AS lease
               SET epoch = epoch + 1, owner = :owner, owner_id = :ownerId,
                   acquired_at = clock_timestamp(), renewed_at = clock_timestamp(),
                   expires_at = clock_timestamp() + :expiry * interval '1 ms',
                   sleeping_since = NULL, enabled = enabled OR :starting
             WHERE epoch = :seen
               AND\s"""
                + TAKEABLE
                + " RETURNING epoch")
        .param("owner", owner.name())
        .param("ownerId", owner.id())
        .param("expiry", Lease.EXPIRY.toMillis())
        .param("seen", seen)
        .param("starting", starting)
        .query(Long.class)
        .optional();
  }

  /** Renews the lease for so long; false if another process holds it. */
  boolean renew(long epoch, Duration expiry) {
    return jdbc.sql(
                """
                UPDATE undercurrent.lease
                   SET renewed_at = clock_timestamp(),
                       expires_at = clock_timestamp() + :expiry * interval '1 ms'
                 WHERE epoch = :epoch""")
            .param("expiry", expiry.toMillis())
            .param("epoch", epoch)
            .update()
        > 0;
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
