package io.undercurrent.sql;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A statement of an author, and whether PostgreSQL counts the rows that it changes. What a
 * statement in its WITH changes is in no count.
 *
 * @param sql the statement
 * @param effect what is known of the rows that it changes
 */
public record CountedSql(BoundSql sql, Effect effect) {

  /** What is known of the rows that a statement changes. */
  public enum Effect {
    COUNTED,
    /** A function or a procedure may change any number. */
    UNKNOWN,
    /** A definition, a setting. */
    NONE
  }

  private static final Set<String> COUNTED = Set.of("INSERT", "UPDATE", "DELETE", "MERGE");
  private static final Set<String> UNKNOWN =
      Set.of("SELECT", "VALUES", "TABLE", "WITH", "", "CALL", "DO", "EXECUTE", "TRUNCATE", "COPY");

  public static Effect effect(String sql, Map<String, Object> values) {
    var keyword = SqlTemplate.parse(sql, values).mainKeyword();
    return COUNTED.contains(keyword)
        ? Effect.COUNTED
        : UNKNOWN.contains(keyword) ? Effect.UNKNOWN : Effect.NONE;
  }

  /** Runs it; how many rows it has changed, or null if that is not known. */
  public @Nullable Long execute(JdbcTemplate jdbc) {
    var rows = sql.execute(jdbc);
    return effect == Effect.COUNTED ? rows : null;
  }
}
