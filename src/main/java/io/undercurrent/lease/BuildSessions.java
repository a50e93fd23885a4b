package io.undercurrent.lease;

import io.undercurrent.iteration.DirectSessions;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The sessions in which a database's runner builds an index at this moment, or changes a table's
 * structure in another way.
 */
public record BuildSessions(JdbcClient jdbc) {

  /**
   * Where they are, for a query. There may be two: the second one clears away what a broken-off
   * build left.
   */
  public static final String FROM =
      """
        FROM undercurrent.lease
        JOIN undercurrent.lease_backends recorded USING (epoch)
        JOIN pg_stat_activity session
          ON session.pid = recorded.pid
         AND session.backend_start = recorded.backend_start
         AND (starts_with(session.application_name, '%s')
              OR starts_with(session.application_name, '%s'))
      """
          .formatted(DirectSessions.INDEX_BUILD, DirectSessions.DDL);

  /** Whether there is one. */
  public boolean underWay() {
    return jdbc.sql("SELECT EXISTS (SELECT" + FROM + ")").query(Boolean.class).single();
  }
}
