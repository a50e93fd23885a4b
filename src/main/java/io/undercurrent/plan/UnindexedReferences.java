package io.undercurrent.plan;

import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.SqlTemplate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Foreign keys without an index on the columns that refer: PostgreSQL looks for rows that refer to
 * each deleted row, whatever the key says about them, and scans their whole table for it.
 *
 * @param coming the indexes that earlier updates of the job build
 */
public record UnindexedReferences(JdbcTemplate jdbc, List<Coming> coming) {

  /** An index helps that begins with one of the columns. */
  private static final String UNINDEXED =
      """
      SELECT CAST(conrelid AS regclass), conname,
             (SELECT string_agg(attname, ', ' ORDER BY position)
                FROM unnest(conkey) WITH ORDINALITY AS part (attribute, position)
                JOIN pg_attribute ON attrelid = conrelid AND attnum = attribute) AS columns
        FROM pg_constraint
       WHERE contype = 'f'
         AND conparentid = 0
         AND confrelid = to_regclass(?)
         AND (CAST(? AS text[]) = '{}'
           OR EXISTS (
             SELECT
               FROM pg_attribute
              WHERE attrelid = confrelid
                AND attnum = ANY (confkey)
                AND attname = ANY (CAST(? AS text[]))))
         AND NOT EXISTS (
           SELECT
             FROM pg_index
            WHERE indrelid = conrelid
              AND indisvalid
              AND indkey[0] = ANY (conkey))
         AND NOT EXISTS (
           SELECT
             FROM unnest(CAST(? AS text[]), CAST(? AS text[])) AS coming (home, name)
             JOIN pg_attribute ON attrelid = conrelid AND attname = name AND attnum = ANY (conkey)
            WHERE to_regclass(home) = conrelid)
       ORDER BY 1, 2""";

  public List<String> warnings(SqlTemplate statement, StatementPlan plan) {
    var deleted = statement.contains("MERGE") ? plan.changed() : plan.deleted();
    return Stream.concat(
            statement.contains("DELETE")
                ? deleted.stream().flatMap(table -> warnings(table, Set.of()).stream())
                : Stream.of(),
            SetColumns.of(statement).stream()
                .flatMap(set -> warnings(set.table(), set.columns()).stream()))
        .distinct()
        .toList();
  }

  /** Those of a table whose rows are deleted or, where columns are given, get others in these. */
  private List<String> warnings(String table, Collection<String> columns) {
    var homes = coming.stream().map(Coming::table).toList();
    var names = coming.stream().map(Coming::column).toList();
    var change = columns.isEmpty() ? "each row deleted from" : "each key changed in";
    return BoundSql.of(
            UNINDEXED, List.of(table, List.copyOf(columns), List.copyOf(columns), homes, names))
        .query(
            jdbc,
            (row, number) ->
                "for %s %s, PostgreSQL scans all of %s, because foreign key %s has no index on (%s). Build one first, with 'create-index:'"
                    .formatted(
                        change, table, row.getString(1), row.getString(2), row.getString(3)));
  }

  /**
   * An index that will be there.
   *
   * @param table its table, as written in SQL
   * @param column the column that it begins with
   */
  public record Coming(String table, String column) {}
}
