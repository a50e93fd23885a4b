package io.undercurrent.plan;

import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Refuses to read by what answers differently each time, such as {@code random()}. */
public final class Volatility {

  private static final String ALIAS = "asked";

  /** The functions that a text calls, and of which there are only volatile ones. */
  private static final String NAMES =
      """
      SELECT proname || '()'
        FROM pg_proc
        JOIN pg_namespace ON pg_namespace.oid = pronamespace
       WHERE strpos(lower(?), lower(proname)) > 0
         AND ? ~* ('(^|[^[:alnum:]_])'
                   || regexp_replace(proname, '([^[:alnum:]_])', '\\\\\\1', 'g') || '"?\\s*\\(')
         AND (pg_function_is_visible(pg_proc.oid) OR strpos(lower(?), lower(nspname)) > 0)
       GROUP BY proname
      HAVING bool_and(provolatile = 'v')
       ORDER BY proname""";

  private final JdbcTemplate jdbc;

  public Volatility(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Asks the server, without running the query.
   *
   * @param key where the author's SQL stands in a job file
   * @param sql the author's SQL
   * @param query a query that has it
   * @throws RefusedException if it calls a volatile function, or takes a sample
   */
  public void refuse(String key, SqlTemplate sql, BoundSql query) {
    if (isVolatile(query)) {
      throw refused(key, culprit(sql.text()));
    }
    if (sql.contains("TABLESAMPLE") && !sql.contains("REPEATABLE")) {
      throw refused(key, "TABLESAMPLE without REPEATABLE");
    }
  }

  /**
   * The planner does not pull up a subquery whose result is volatile in any of its parts, functions
   * of operators, casts and views included. Others it does, and their names vanish from the plan.
   */
  public boolean isVolatile(BoundSql query) {
    var asked =
        "SELECT FROM (SELECT EXISTS (\n%s\n) AS found) AS %s".formatted(query.text(), ALIAS);
    return BoundSql.of(asked, query.parameters()).plan(jdbc).stream()
        .flatMap(StatementPlan::nodes)
        .anyMatch(node -> StatementPlan.text(node, "Alias").equals(ALIAS));
  }

  private String culprit(String sql) {
    var names =
        BoundSql.of(NAMES, List.of(sql, sql, sql)).query(jdbc, (row, number) -> row.getString(1));
    return names.isEmpty()
        ? "a volatile function, perhaps that of an operator, a cast or a view"
        : "the volatile " + String.join(", ", names);
  }

  private static RefusedException refused(String key, String found) {
    return new RefusedException(
        "expected '%s' to choose the same rows each time, since each chunk asks again, found %s. Chunks would choose at random; use what stays the same, such as a hash of the key instead of random(), or :now instead of clock_timestamp(). Declare a function of your own that only reads with: ALTER FUNCTION ... STABLE"
            .formatted(key, found));
  }
}
