package io.undercurrent.page;

import io.undercurrent.key.KeysetSql;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Keys of a table that part its rows into equal parts, by blocks that are taken at random; a table
 * of few blocks is read as a whole. It needs no statistics, and costs as much for a large table.
 *
 * @param keys in their order, one less than there are parts; fewer if there are few rows
 * @param rows how many rows the table has
 * @param exact whether all were counted
 * @param table the table's keys, where what is read is a query over it; null where it is the table
 */
public record KeySample(
    List<List<String>> keys, double rows, boolean exact, @Nullable KeysetSql table) {

  private static final int BLOCKS = 500;
  private static final double ALL = 100;

  /** The number of blocks of a table, or of all its partitions. */
  private static final String SIZE =
      """
      SELECT sum(pg_relation_size(oid)) / CAST(current_setting('block_size') AS float8)
        FROM pg_class
       WHERE (oid = to_regclass(?) AND relkind IN ('r', 'm'))
          OR oid IN (SELECT relid
                       FROM pg_partition_tree(to_regclass(?))
                      WHERE isleaf)""";

  /**
   * Takes a sample.
   *
   * @param table the table, as written in SQL
   * @param sql its keys
   * @return nothing if it is no table
   */
  static Optional<KeySample> of(JdbcTemplate jdbc, String table, KeysetSql sql, int parts) {
    return BoundSql.of(SIZE, List.of(table, table))
        .query(jdbc, (row, number) -> Optional.ofNullable(row.getObject(1, Double.class)))
        .get(0)
        .map(blocks -> of(jdbc, sql, Math.min(ALL, ALL * BLOCKS / Math.max(1, blocks)), parts));
  }

  /** The same for a query over the table, which may leave rows out. */
  KeySample forQuery(KeysetSql keys) {
    return new KeySample(this.keys, rows, exact, keys);
  }

  /** How many rows the table has where a chunk was read. */
  public long rowsOfTable(JdbcTemplate jdbc, KeysetChunk chunk) {
    if (table == null || chunk.end() == null) {
      return chunk.rowsWalked();
    }
    var found = new KeysetRows(jdbc, table);
    var last = found.keys(table.upTo(chunk.end()).end(chunk.start(), Integer.MAX_VALUE));
    return last.isEmpty() ? 0 : Long.parseLong(found.afterKey(last.get(0)));
  }

  private static KeySample of(JdbcTemplate jdbc, KeysetSql sql, double percent, int parts) {
    var found = new KeysetRows(jdbc, sql);
    var keys = found.keys(sql.parting(percent, parts));
    var rows = keys.isEmpty() ? 0 : Long.parseLong(found.afterKey(keys.get(0)));
    return new KeySample(
        keys.stream().map(found::key).toList(), rows * ALL / percent, percent == ALL, null);
  }
}
