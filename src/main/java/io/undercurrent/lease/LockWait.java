package io.undercurrent.lease;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A session of the runner that waits for a lock, and one that keeps it waiting.
 *
 * @param waited for how long
 * @param relation the table that the lock is on, or null if that cannot be told
 * @param blocker the session in the way, in words
 * @param pid its process, or 0 if it is a prepared transaction
 */
public record LockWait(Duration waited, @Nullable String relation, String blocker, int pid) {

  private static final int LONGEST_QUERY = 200;

  /** Looks for waits of the sessions that the lease's holder has recorded. */
  public static List<LockWait> find(JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT (1000 * extract(epoch FROM clock_timestamp()
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
    return new LockWait(
        Duration.ofMillis(Math.max(0, row.getLong("waited_ms"))),
        row.getString("relation"),
        blocker(row),
        row.getInt("pid"));
  }

  private static String blocker(ResultSet row) throws SQLException {
    if (row.getInt("pid") == 0) {
      return "a prepared transaction";
    }
    var begun = row.getObject("xact_start", OffsetDateTime.class);
    return "pid %d (%s as %s, %s%s), its last query: %s"
        .formatted(
            row.getInt("pid"),
            named(row.getString("application_name"), "an unnamed application"),
            named(row.getString("usename"), "a role that is gone"),
            named(row.getString("state"), "in a state that this role may not see"),
            begun == null
                ? ""
                : ", its transaction open since "
                    + begun.toInstant().truncatedTo(ChronoUnit.SECONDS),
            shortened(named(row.getString("query"), "none")));
  }

  private static String named(@Nullable String text, String otherwise) {
    return text == null || text.isBlank() ? otherwise : text;
  }

  private static String shortened(String query) {
    var line = query.strip().replaceAll("\\s+", " ").replaceAll("[; ]+$", "");
    return line.length() > LONGEST_QUERY ? line.substring(0, LONGEST_QUERY) + " ..." : line;
  }

  /** What the session waits for and who is in the way, as operators read it. */
  public String sentence() {
    return "a lock%s, behind %s".formatted(relation == null ? "" : " on " + relation, blocker);
  }
}
