package io.undercurrent.key;

import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** The primary key of a table, which is its key unless a job file names another. */
public final class PrimaryKey {

  private PrimaryKey() {}

  /**
   * The names of its columns, in the order of its index.
   *
   * @param table the table, as written in SQL
   * @throws RefusedException if the table has none
   * @throws org.springframework.dao.DataAccessException if there is no such table
   */
  public static List<String> of(JdbcTemplate jdbc, String table) {
    var key =
        BoundSql.of(
                """
                SELECT attname
                  FROM pg_index
                  CROSS JOIN unnest(CAST(indkey[0:indnkeyatts - 1] AS int2[]))
                             WITH ORDINALITY AS part (attribute, position)
                  JOIN pg_attribute ON attrelid = indrelid AND attnum = attribute
                 WHERE indrelid = CAST(? AS regclass)
                   AND indisprimary
                 ORDER BY position""",
                List.of(table))
            .query(jdbc, (row, number) -> row.getString(1));
    if (key.isEmpty()) {
      throw new RefusedException(
          "expected table %s to have a primary key, found none. Name the columns of a unique index with 'key'"
              .formatted(table));
    }
    return key;
  }
}
