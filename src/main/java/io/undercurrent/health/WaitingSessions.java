package io.undercurrent.health;

import io.undercurrent.state.Measure.Unit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many sessions of others wait for a lock because of ours, which hold it or stand before them
 * in its queue, or wait for one that does.
 */
record WaitingSessions(Limits limits) implements Signal {

  static final String NAME = "waiting-sessions";

  static final Limits OWN = new Limits(5.0, null, Duration.ZERO, true, Unit.COUNT);

  /**
   * Who blocks a session is asked only for those that wait, and for no more than so many: it stops
   * the lock manager for a moment. Of a session that the role may not see, only the lock shows it.
   */
  private static final String QUERY =
      """
      WITH RECURSIVE waiting AS MATERIALIZED (
        SELECT DISTINCT coalesce(leader_pid, pid) AS pid
          FROM pg_stat_get_activity(NULL)
         WHERE usesysid IS NOT NULL
           AND %s
           AND (wait_event_type = 'Lock'
                OR %s AND pid IN (SELECT pid FROM pg_locks WHERE NOT granted))
         LIMIT 200
      ), ours AS MATERIALIZED (
        SELECT array_agg(pid) AS pids
          FROM undercurrent.live_lease
          JOIN undercurrent.lease_backends USING (epoch)
          JOIN pg_stat_activity USING (pid, backend_start)
         WHERE EXISTS (SELECT FROM waiting)
      ), blocked AS MATERIALIZED (
        SELECT pid, pg_blocking_pids(pid) AS by
          FROM waiting
      ), behind (pid) AS (
        SELECT blocked.pid
          FROM blocked
          JOIN ours ON by && pids
         UNION
        SELECT blocked.pid
          FROM behind
          JOIN blocked ON behind.pid = ANY (by)
      )
      SELECT count(*) OVER () AS waiting, pid, usename AS name, application_name AS application
        FROM behind
        JOIN pg_stat_activity USING (pid)
       ORDER BY query_start, pid
       LIMIT 1"""
          .formatted(OtherSessions.CONDITION, OtherSessions.HIDDEN);

  private static final String PREPARED =
      "SELECT to_regclass('undercurrent.live_lease') IS NOT NULL";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Double smallerAbove() {
    return 0.0;
  }

  @Override
  public Duration every() {
    return AT_ONCE;
  }

  @Override
  public Reading look(Look look) {
    try {
      return look(look.jdbc());
    } catch (BadSqlGrammarException e) {
      if (look.jdbc().sql(PREPARED).query(Boolean.class).single()) {
        throw e;
      }
      return new Reading.Nothing("no updates have run here");
    }
  }

  private static Reading look(JdbcClient jdbc) {
    return jdbc.sql(QUERY)
        .query(Found.class)
        .optional()
        .map(found -> new Reading.Value(found.waiting, null, found.words()))
        .orElseGet(() -> new Reading.Value(0, null, null));
  }

  private record Found(long waiting, int pid, @Nullable String name, @Nullable String application) {

    String words() {
      return "%ssession %d of %s"
          .formatted(
              waiting == 1 ? "" : "the first is ",
              pid,
              OtherSessions.words(application, name, null));
    }
  }
}
