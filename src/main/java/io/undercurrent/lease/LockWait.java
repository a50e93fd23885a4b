package io.undercurrent.lease;

import io.undercurrent.state.Blocker;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A session of the runner that waits for a lock, and one that keeps it waiting.
 *
 * @param at when this was so, on the database's clock
 * @param waited for how long
 * @param pid the session that waits
 * @param relation the table that the lock is on, or null if that is not known
 * @param blocker the session in the way
 */
public record LockWait(
    Instant at, Duration waited, int pid, @Nullable String relation, Blocker blocker) {

  private static final String QUERY =
      """
      SELECT clock_timestamp() AS at,
             (1000 * extract(epoch FROM clock_timestamp()
                                        - coalesce(held.waitstart, waiting.query_start)))::bigint
               AS waited_ms, waiting.pid AS waiting_pid,
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
       ORDER BY blocking.pid, waiting.pid""";

  /**
   * An SQL expression that gives the same as JSON, for {@link #of}: one statement can read waits
   * together with rows then.
   */
  public static final String AS_JSON = "(SELECT json_agg(waits) FROM (\n" + QUERY + "\n) AS waits)";

  /** Looks for waits of the sessions that the lease's holder has recorded. */
  public static List<LockWait> find(JdbcClient jdbc) {
    return jdbc.sql("SELECT " + AS_JSON).query((row, number) -> of(row.getString(1))).single();
  }

  /** What the expression gave. */
  public static List<LockWait> of(@Nullable String json) {
    return json == null
        ? List.of()
        : JsonMapper.shared().readTree(json).valueStream().map(LockWait::of).toList();
  }

  private static LockWait of(JsonNode wait) {
    return new LockWait(
        OffsetDateTime.parse(wait.path("at").stringValue()).toInstant(),
        Duration.ofMillis(Math.max(0, wait.path("waited_ms").asLong())),
        wait.path("waiting_pid").intValue(),
        text(wait, "relation"),
        new Blocker(
            wait.path("pid").intValue(),
            text(wait, "usename"),
            text(wait, "application_name"),
            text(wait, "state"),
            instant(wait, "xact_start"),
            text(wait, "query")));
  }

  private static @Nullable Instant instant(JsonNode wait, String name) {
    var time = text(wait, name);
    return time == null ? null : OffsetDateTime.parse(time).toInstant();
  }

  private static @Nullable String text(JsonNode wait, String name) {
    return wait.path(name).isString() ? wait.path(name).stringValue() : null;
  }
}
