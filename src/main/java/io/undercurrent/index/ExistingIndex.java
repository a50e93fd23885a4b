package io.undercurrent.index;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What has a name in a table's schema.
 *
 * @param oid its number in the catalogue
 * @param name its name without the schema
 * @param ofTable whether it is an index of the table
 * @param valid whether queries may use it
 * @param definition how it indexes: {@code unique btree (domain)}; null if it is no index
 * @param constraint the constraint that depends on it, or null
 * @param parent the index that it is attached to as that of a partition, as SQL, or null
 * @param replicaIdentity whether logical replication names rows by it
 */
record ExistingIndex(
    long oid,
    String name,
    boolean ofTable,
    boolean valid,
    @Nullable String definition,
    @Nullable String constraint,
    @Nullable String parent,
    boolean replicaIdentity) {

  /** The part of a definition after the names of index and table, for a row of pg_index. */
  static final String DEFINITION =
      """
      CASE WHEN indisunique THEN 'unique ' ELSE '' END
      || substr(pg_get_indexdef(indexrelid), strpos(pg_get_indexdef(indexrelid), ' USING ') + 7)
      """;

  static Optional<ExistingIndex> find(JdbcTemplate jdbc, IndexedTable table, String name) {
    return jdbc
        .query(
            """
            SELECT pg_class.oid,
                   coalesce(indrelid = ?, false) AS of_table,
                   coalesce(indisvalid AND indisready AND indislive, false) AS valid,
            """
                + DEFINITION
                + """
                   AS definition,
                   (SELECT conname FROM pg_constraint WHERE conindid = pg_class.oid LIMIT 1)
                     AS constraint,
                   (SELECT CAST(CAST(inhparent AS regclass) AS text)
                      FROM pg_inherits
                     WHERE inhrelid = pg_class.oid)
                     AS parent,
                   coalesce(indisreplident, false) AS replica_identity
              FROM pg_class
              JOIN pg_namespace ON pg_namespace.oid = relnamespace
              LEFT JOIN pg_index ON indexrelid = pg_class.oid
             WHERE nspname = ?
               AND relname = ?""",
            (row, number) ->
                new ExistingIndex(
                    row.getLong("oid"),
                    name,
                    row.getBoolean("of_table"),
                    row.getBoolean("valid"),
                    row.getString("definition"),
                    row.getString("constraint"),
                    row.getString("parent"),
                    row.getBoolean("replica_identity")),
            table.oid(),
            table.schema(),
            name)
        .stream()
        .findFirst();
  }

  /** The names of the table's indexes. */
  static List<String> names(JdbcTemplate jdbc, IndexedTable table) {
    return jdbc.queryForList(
        """
        SELECT relname
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indrelid = ?""",
        String.class,
        table.oid());
  }

  /** Whether it is what a broken-off build leaves. */
  boolean leftover() {
    return ofTable && !valid;
  }
}
