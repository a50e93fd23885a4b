package io.undercurrent.lease;

import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A lease that its holder has not given back, and that another process may take.
 *
 * @param owner the process that held it, in words
 * @param seenAgo how long ago it renewed the lease
 * @param connected whether it still has sessions: it hangs
 */
public record StaleLease(String owner, Duration seenAgo, boolean connected) {

  private static final String STALE =
      "(expires_at < clock_timestamp() OR NOT " + LeaseTable.CONNECTED + ")";

  /** Looks whether there is one. */
  public static Optional<StaleLease> find(JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT owner, %s AS connected,
                   CAST(extract(epoch FROM clock_timestamp() - renewed_at) AS bigint) AS ago
              FROM undercurrent.lease AS lease
             WHERE owner IS NOT NULL
               AND %s"""
                .formatted(LeaseTable.CONNECTED, STALE))
        .query(
            (row, number) ->
                new StaleLease(
                    row.getString("owner"),
                    Duration.ofSeconds(row.getLong("ago")),
                    row.getBoolean("connected")))
        .optional();
  }

  /** Whether a live process holds the lease. */
  public static boolean isHeld(JdbcClient jdbc) {
    return jdbc.sql(
            "SELECT owner IS NOT NULL AND NOT %s FROM undercurrent.lease AS lease".formatted(STALE))
        .query(Boolean.class)
        .single();
  }
}
