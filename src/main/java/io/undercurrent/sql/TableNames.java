package io.undercurrent.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** Names of tables as the server writes them, whatever the search path. */
public final class TableNames {

  private static final String QUALIFIED =
      """
      SELECT DISTINCT format('%I.%I', nspname, relname)
        FROM unnest(CAST(? AS text[])) AS written
        JOIN pg_class ON pg_class.oid = to_regclass(written)
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
       ORDER BY 1""";

  private TableNames() {}

  /**
   * The names with their schemas; what is not there is left out.
   *
   * @param written as written in SQL
   */
  public static List<String> qualified(JdbcTemplate jdbc, Collection<String> written) {
    return written.isEmpty()
        ? List.of()
        : BoundSql.of(QUALIFIED, List.of(new ArrayList<>(written)))
            .query(jdbc, (row, number) -> row.getString(1));
  }
}
