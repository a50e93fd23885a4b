package io.undercurrent.convert;

import io.undercurrent.sql.Column;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Texts and comments as SQL. */
final class Text {

  private Text() {}

  static String literal(String text) {
    var doubled = text.replace("'", "''");
    return text.contains("\\") ? " E'" + doubled.replace("\\", "\\\\") + "'" : "'" + doubled + "'";
  }

  static String commentOnConstraint(String name, String table, String comment) {
    return "COMMENT ON CONSTRAINT %s ON %s IS %s"
        .formatted(Column.quoted(name), table, literal(comment));
  }

  /**
   * The comment on a constraint, for another one that will have its name; empty if there is none.
   */
  static List<String> commentOnConstraint(JdbcTemplate jdbc, Dependant constraint, String table) {
    return jdbc
        .queryForList(
            """
            SELECT description
              FROM pg_description
             WHERE classoid = CAST('pg_constraint' AS regclass)
               AND objoid = ?""",
            String.class,
            constraint.number())
        .stream()
        .map(comment -> commentOnConstraint(constraint.name(), table, comment))
        .toList();
  }
}
