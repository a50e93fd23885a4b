package io.undercurrent.convert;

import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A constraint that is there.
 *
 * @param validated whether it has been found to hold for all rows
 * @param definition what it says, without whether it is valid
 */
record Constraint(boolean validated, String definition) {

  /** The definition of a row of pg_constraint. */
  static final String DEFINITION =
      "regexp_replace(pg_get_constraintdef(pg_constraint.oid), ' NOT VALID$', '')";

  /**
   * Looks for a constraint.
   *
   * @param table its table as SQL
   */
  static Optional<Constraint> find(JdbcTemplate jdbc, String table, String name) {
    return jdbc
        .query(
            "SELECT convalidated, "
                + DEFINITION
                + """
                 AS definition
                  FROM pg_constraint
                 WHERE conrelid = CAST(CAST(? AS text) AS regclass)
                   AND conname = ?""",
            (row, number) ->
                new Constraint(row.getBoolean("convalidated"), row.getString("definition")),
            table,
            name)
        .stream()
        .findFirst();
  }
}
