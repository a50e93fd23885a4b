package io.undercurrent.page;

import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** What {@code read: {table}} may name: a relation whose unique index reaches all of its rows. */
record WalkedTable(JdbcTemplate jdbc, String table, List<String> key) {

  void check() {
    refuseOtherRelations();
    refuseChildren();
  }

  private void refuseOtherRelations() {
    var kinds =
        texts(
            """
            SELECT CASE relkind WHEN 'v' THEN 'a view' WHEN 'f' THEN 'a foreign table' END
              FROM pg_class
             WHERE oid = to_regclass(?)
               AND relkind IN ('v', 'f')""");
    if (!kinds.isEmpty()) {
      throw new RefusedException(
          "expected a table, found %s, which is %s and has no unique index. Read it with 'read: {sql: SELECT %s FROM %s, key: [%s]}'"
              .formatted(table, kinds.get(0), names(), table, names()));
    }
  }

  /** A partition is no such child: its parent's indexes reach it. */
  private void refuseChildren() {
    var children =
        texts(
            """
            SELECT CAST(inhrelid AS regclass)
              FROM pg_inherits
              JOIN pg_class ON pg_class.oid = inhparent AND relkind <> 'p'
             WHERE inhparent = to_regclass(?)
             ORDER BY 1
             LIMIT 3""");
    if (!children.isEmpty()) {
      throw new RefusedException(
          "expected a table without inheritance children, found such as %s, which the indexes of table %s do not reach. Have an update for each table, with 'read: {sql: SELECT %s FROM ONLY %s, key: [%s]}', and write to ONLY it"
              .formatted(children, table, names(), table, names()));
    }
  }

  private String names() {
    return String.join(", ", key);
  }

  private List<String> texts(String sql) {
    return BoundSql.of(sql, List.of(table)).query(jdbc, (row, number) -> row.getString(1));
  }
}
