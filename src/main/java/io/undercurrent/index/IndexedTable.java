package io.undercurrent.index;

import static java.util.Objects.requireNonNull;

import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The table of an index.
 *
 * @param oid its number in the catalogue
 * @param schema its schema, which is the index's as well
 * @param name its name without the schema
 * @param kind as {@code pg_class.relkind}
 */
record IndexedTable(long oid, String schema, String name, String kind) {

  /**
   * Looks a table up.
   *
   * @param written the table, as written in SQL
   * @throws HopelessException if it is none that can have an index
   */
  static IndexedTable of(JdbcTemplate jdbc, String written) {
    var table =
        jdbc.queryForObject(
            """
            SELECT pg_class.oid, nspname, relname, relkind
              FROM pg_class
              JOIN pg_namespace ON pg_namespace.oid = relnamespace
             WHERE pg_class.oid = CAST(CAST(? AS text) AS regclass)""",
            (row, number) ->
                new IndexedTable(
                    row.getLong("oid"),
                    row.getString("nspname"),
                    row.getString("relname"),
                    row.getString("relkind")),
            written);
    return requireNonNull(table).required(written);
  }

  private IndexedTable required(String written) {
    if (!isPartitioned() && !kind.equals("r") && !kind.equals("m")) {
      throw new HopelessException(
          "expected a table, found '%s', which is not one".formatted(written));
    }
    return this;
  }

  /** Whether its rows are in partitions, whose indexes belong to its own. */
  boolean isPartitioned() {
    return kind.equals("p");
  }

  boolean isForeign() {
    return kind.equals("f");
  }

  String qualifiedName() {
    return qualified(name);
  }

  /** A name of the table's schema as SQL. */
  String qualified(String relation) {
    return Column.quoted(schema) + "." + Column.quoted(relation);
  }
}
