package io.undercurrent.lease;

import io.undercurrent.state.Blocker;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A session of the runner that waits for a lock, and one that keeps it waiting.
 *
 * @param at when this was so, on the database's clock
 * @param waited for how long
 * @param relation the table that the lock is on, or null if that is not known
 * @param blocker the session in the way
 */
public record LockWait(Instant at, Duration waited, @Nullable String relation, Blocker blocker) {

  /** Looks for waits of the sessions that the lease's holder has recorded. */
  public static List<LockWait> find(JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT clock_timestamp() AS at,
                   (1000 * extract(epoch FROM clock_timestamp()
                                              - coalesce(held.waitstart, waiting.query_start)))::bigint
                     AS waited_ms,
                   held.relation, blocking.pid, session.usename, session.application_name,
                   session.state, session.xact_start, session.query
              FROM undercurrent.lease
              JOIN undercurrent.lease_backends recorded USING (epoch)
              JOIN pg_stat_activity waiting USING (pid, backend_start)
             CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocking (pid)
              LEFT JOIN pg_stat_activity session ON session.pid = blocking.pid
             CROSS JOIN LATERAL (
               SELECT min(waitstart) AS waitstart,
                      (max(relation::bigint) FILTER (WHERE locktype IN ('relation', 'tuple')
                                                 AND (NOT granted OR locktype = 'tuple'))
                      )::oid::regclass::text AS relation
                 FROM pg_locks
                WHERE pg_locks.pid = waiting.pid
             ) held
             WHERE waiting.wait_event_type = 'Lock'
             ORDER BY blocking.pid""")
        .query(LockWait::of)
        .list();
  }

  private static LockWait of(ResultSet row, int number) throws SQLException {
    var begun = row.getObject("xact_start", OffsetDateTime.class);
    return new LockWait(
        row.getObject("at", OffsetDateTime.class).toInstant(),
        Duration.ofMillis(Math.max(0, row.getLong("waited_ms"))),
        row.getString("relation"),
        new Blocker(
            row.getInt("pid"),
            row.getString("usename"),
            row.getString("application_name"),
            row.getString("state"),
            begun == null ? null : begun.toInstant(),
            row.getString("query")));
  }
}
