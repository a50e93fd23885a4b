package io.undercurrent.index;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A partitioned table with its partitions and those of its partitions, and their indexes, as they
 * are at a moment.
 *
 * @param tables the table itself first, then level by level
 * @param indexes of all of them, the oldest first
 */
record PartitionTree(List<Member> tables, List<Index> indexes) {

  static PartitionTree of(JdbcTemplate jdbc, IndexedTable root) {
    return new PartitionTree(
        tables(jdbc, root),
        jdbc.query(
            """
            SELECT indexrelid, indrelid, relname, inhparent,
                   indisvalid AND indisready AND indislive AS valid,
            """
                + ExistingIndex.DEFINITION
                + """
                   AS definition
              FROM pg_index
              JOIN pg_class ON pg_class.oid = indexrelid
              LEFT JOIN pg_inherits ON inhrelid = indexrelid
             WHERE indrelid IN (
               SELECT relid FROM pg_partition_tree(CAST(CAST(? AS oid) AS regclass)))
             ORDER BY indexrelid""",
            (row, number) ->
                new Index(
                    row.getLong("indexrelid"),
                    row.getLong("indrelid"),
                    row.getString("relname"),
                    row.getLong("inhparent"),
                    row.getBoolean("valid"),
                    row.getString("definition")),
            root.oid()));
  }

  static List<Member> tables(JdbcTemplate jdbc, IndexedTable root) {
    return jdbc.query(
        """
        SELECT pg_class.oid, nspname, relname, relkind, level,
               CAST(parentrelid AS oid) AS parent
          FROM pg_partition_tree(CAST(CAST(? AS oid) AS regclass))
          JOIN pg_class ON pg_class.oid = relid
          JOIN pg_namespace ON pg_namespace.oid = relnamespace
         ORDER BY level, nspname, relname""",
        (row, number) ->
            new Member(
                new IndexedTable(
                    row.getLong("oid"),
                    row.getString("nspname"),
                    row.getString("relname"),
                    row.getString("relkind")),
                row.getLong("parent"),
                row.getInt("level")),
        root.oid());
  }

  /**
   * A table of the tree.
   *
   * @param parent the number of the table that it is a partition of; 0 for that of the whole tree
   * @param level how far it is below that
   */
  record Member(IndexedTable table, long parent, int level) {

    boolean isRoot() {
      return level == 0;
    }
  }

  /**
   * An index of one of the tables.
   *
   * @param parent the number of the index that it is attached to, or 0
   */
  record Index(
      long oid, long table, String name, long parent, boolean valid, @Nullable String definition) {

    boolean isAttached() {
      return parent != 0;
    }
  }
}
