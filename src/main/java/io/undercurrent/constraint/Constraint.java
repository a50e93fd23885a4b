package io.undercurrent.constraint;

import io.undercurrent.sql.Column;
import java.util.Optional;
import java.util.regex.Matcher;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A constraint as the catalogue has it.
 *
 * @param oid its number
 * @param name its name
 * @param type as {@code pg_constraint.contype}
 * @param validated whether all rows are known to satisfy it
 * @param enforced whether new rows have to
 * @param definition as in ALTER TABLE, without NOT VALID and the name of a referenced table
 * @param references the number of the table that it references, 0 for none
 * @param ofPeriods whether it compares periods
 * @param keepsReferred whether it keeps a row from being deleted that others refer to
 */
record Constraint(
    long oid,
    String name,
    String type,
    boolean validated,
    boolean enforced,
    String definition,
    long references,
    boolean ofPeriods,
    boolean keepsReferred) {

  /** Columns of the catalogue that older servers lack are read from the row's JSON. */
  private static final String QUERY =
      """
      SELECT oid, conname, contype, convalidated, confrelid,
             regexp_replace(
               replace(pg_get_constraintdef(oid),
                       ' REFERENCES ' || CAST(CAST(confrelid AS regclass) AS text) || '(',
                       ' REFERENCES ('),
               ' NOT VALID$', '') AS definition,
             coalesce(CAST(to_jsonb(pg_constraint) ->> 'conenforced' AS boolean), true) AS enforced,
             coalesce(CAST(to_jsonb(pg_constraint) ->> 'conperiod' AS boolean), false) AS periods,
             contype = 'f' AND confdeltype IN ('a', 'r') AS keeps_referred
        FROM pg_constraint
       WHERE conrelid = ?
         AND conname = ?""";

  static Optional<Constraint> find(JdbcTemplate jdbc, long table, String name) {
    return jdbc
        .query(
            QUERY,
            (row, number) ->
                new Constraint(
                    row.getLong("oid"),
                    row.getString("conname"),
                    row.getString("contype"),
                    row.getBoolean("convalidated"),
                    row.getBoolean("enforced"),
                    row.getString("definition"),
                    row.getLong("confrelid"),
                    row.getBoolean("periods"),
                    row.getBoolean("keeps_referred")),
            table,
            name)
        .stream()
        .findFirst();
  }

  /** The same, but to the table that a copy stood for. */
  Constraint referencing(long table) {
    return new Constraint(
        oid, name, type, validated, enforced, definition, table, ofPeriods, keepsReferred);
  }

  /** Its definition for people, with the name of a referenced table. */
  String shown(JdbcTemplate jdbc) {
    return references == 0
        ? definition
        : definition.replaceFirst(
            " REFERENCES \\(",
            Matcher.quoteReplacement(
                " REFERENCES %s("
                    .formatted(
                        jdbc.queryForObject(
                            "SELECT CAST(CAST(CAST(? AS oid) AS regclass) AS text)",
                            String.class,
                            references))));
  }

  boolean isForeignKey() {
    return type.equals("f");
  }

  boolean isCheck() {
    return type.equals("c");
  }

  static String drop(String name) {
    return "DROP CONSTRAINT " + Column.quoted(name);
  }

  static String validate(String name) {
    return "VALIDATE CONSTRAINT " + Column.quoted(name);
  }
}
