package io.undercurrent.sql;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.jdbc.support.SqlArrayValue;

/** Statements about what the rows of tables are kept in. */
public final class StoredRelations {

  /**
   * The relation {@code stored}: all that holds the rows of each table, {@code root}; its
   * partitions and inheritance children, and what they keep out of line, which autovacuum treats as
   * their {@code options} say where it has none of its own.
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
        SELECT root, part.oid AS relation, coalesce(part.reloptions, main.reloptions) AS options,
               part.reltuples, part.relfrozenxid, part.relminmxid
          FROM tree
          JOIN pg_class main ON main.oid = relation AND main.relkind IN ('r', 'm')
          JOIN pg_class part ON part.oid IN (main.oid, main.reltoastrelid)
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
