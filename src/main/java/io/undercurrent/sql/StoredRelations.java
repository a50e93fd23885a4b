package io.undercurrent.sql;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;

/** Statements about what the rows of tables are kept in. */
public final class StoredRelations {

  /**
   * The relation {@code stored}: all relations that hold the rows of each table, {@code root};
   * those of partitions and inheritance children, and what is kept out of line, with {@code main}
   * as the relation that it belongs to.
   */
  private static final String STORED =
      """
      WITH RECURSIVE tree (root, relation) AS (
        SELECT CAST(to_regclass(name) AS oid), CAST(to_regclass(name) AS oid)
          FROM unnest(CAST(:tables AS text[])) AS name
         UNION
        SELECT root, inhrelid
          FROM tree
          JOIN pg_inherits ON inhparent = relation
      ), stored AS (
        SELECT root, pg_class.*, pg_class.oid AS relation, pg_class.oid AS main
          FROM tree
          JOIN pg_class ON pg_class.oid = relation
         WHERE relkind IN ('r', 'm')
         UNION ALL
        SELECT root, toast.*, toast.oid, pg_class.oid
          FROM tree
          JOIN pg_class ON pg_class.oid = relation
          JOIN pg_class toast ON toast.oid = pg_class.reltoastrelid
      )
      """;

  private StoredRelations() {}

  /**
   * A statement that sees that relation.
   *
   * @param tables as written in SQL
   * @param sql goes on after a list of WITH
   */
  public static StatementSpec sql(JdbcClient jdbc, List<String> tables, String sql) {
    return jdbc.sql(STORED + sql).param("tables", new SqlArrayValue("text", tables.toArray()));
  }
}
