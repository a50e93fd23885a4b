package io.undercurrent.constraint;

import static java.util.stream.Collectors.joining;

import io.undercurrent.sql.Column;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How far columns are on their way to NOT NULL.
 *
 * @param table their table
 * @param nullable those that may be NULL
 * @param unvalidated the NOT NULL constraints of the others that are NOT VALID, from version 18
 */
record ColumnState(ConstrainedTable table, List<String> nullable, List<String> unvalidated) {

  private static final String QUERY =
      """
      SELECT attname, attnotnull, conname
        FROM pg_attribute
        LEFT JOIN pg_constraint
          ON conrelid = attrelid
         AND contype = 'n'
         AND conkey = ARRAY[attnum]
         AND NOT convalidated
       WHERE attrelid = ?
         AND attname = ANY (CAST(? AS text[]))
       ORDER BY attnum""";

  /**
   * Looks.
   *
   * @throws io.undercurrent.database.RefusedException if they cannot be made NOT NULL
   * @throws org.springframework.dao.DataAccessException if there is no such table or column
   */
  static ColumnState of(JdbcTemplate jdbc, NotNull work) {
    var table = ConstrainedTable.of(jdbc, work.table()).required();
    Column.of(
        jdbc,
        "SELECT %s FROM %s"
            .formatted(
                work.columns().stream().map(Column::quoted).collect(joining(", ")),
                table.qualifiedName()));
    var columns =
        jdbc.query(
            QUERY,
            (row, number) ->
                new Found(
                    row.getString("attname"),
                    row.getBoolean("attnotnull"),
                    row.getString("conname")),
            table.oid(),
            work.columns().toArray(String[]::new));
    return new ColumnState(
        table,
        columns.stream().filter(found -> !found.notNull).map(Found::name).toList(),
        columns.stream().flatMap(found -> Stream.ofNullable(found.unvalidated)).toList());
  }

  private record Found(String name, boolean notNull, @Nullable String unvalidated) {}
}
