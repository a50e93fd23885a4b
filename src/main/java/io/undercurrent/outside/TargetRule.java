package io.undercurrent.outside;

import io.undercurrent.database.RefusedException;
import io.undercurrent.outside.OutsideStatement.Action;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a statement names has to be there, and the role's: the server only warns of some. */
record TargetRule(JdbcTemplate jdbc, Action action) {

  /** The relation and its partitions; of an index the table's privileges count. */
  private static final String RELATIONS =
      """
      WITH named (relation) AS (SELECT CAST(CAST(? AS text) AS regclass)),
      tree AS (
        SELECT relation FROM named
        UNION
        SELECT relid FROM named CROSS JOIN pg_partition_tree(relation)
      )
      SELECT CAST(relation AS text) AS name, pg_get_userbyid(found.relowner) AS owner, found.relkind,
             pg_has_role(found.relowner, 'USAGE')
             OR CASE WHEN current_setting('server_version_num')::int >= 170000
                     THEN has_table_privilege(coalesce(indrelid, found.oid), 'MAINTAIN')
                END IS TRUE
             OR ? = 'true' AND (SELECT pg_has_role(datdba, 'USAGE')
                                  FROM pg_database
                                 WHERE datname = current_database()) AS allowed
        FROM tree
        JOIN pg_class found ON found.oid = relation
        LEFT JOIN pg_index ON indexrelid = found.oid
       ORDER BY allowed, name""";

  private static final String TYPE =
      """
      SELECT CAST(pg_type.oid AS regtype) AS name, pg_get_userbyid(typowner) AS owner, typtype AS relkind,
             pg_has_role(typowner, 'USAGE') AS allowed
        FROM pg_type
       WHERE oid = CAST(CAST(? AS text) AS regtype)""";

  /**
   * Checks a name.
   *
   * @throws RefusedException if it is of another kind, or the role may not
   * @throws org.springframework.dao.DataAccessException if there is nothing of that name
   */
  boolean check(String name) {
    for (var target : targets(name)) {
      if (!kinds().contains(target.kind)) {
        throw new RefusedException(
            "expected %s, found %s, which is none".formatted(expected(), target.name));
      }
      if (!target.allowed) {
        throw new RefusedException(
            "expected a role that may %s %s, found one that may not: %s belongs to '%s'. Grant that role to it%s"
                .formatted(action.words(), name, target.name, target.owner, maintain(target.name)));
      }
    }
    return true;
  }

  private List<Target> targets(String name) {
    return switch (action) {
      case ADD_VALUE -> query(BoundSql.of(TYPE, List.of(name)));
      case DROP_INDEX -> isThere(name) ? relations(name) : List.of();
      default -> relations(name);
    };
  }

  private boolean isThere(String name) {
    return BoundSql.of("SELECT to_regclass(?) IS NOT NULL", List.of(name))
        .query(jdbc, (row, number) -> row.getBoolean(1))
        .contains(true);
  }

  /** The owner of the database may clean up in it. */
  private List<Target> relations(String name) {
    var cleans = action == Action.VACUUM || action == Action.ANALYZE;
    return query(BoundSql.of(RELATIONS, List.of(name, String.valueOf(cleans))));
  }

  private List<Target> query(BoundSql sql) {
    return sql.query(
        jdbc,
        (row, number) ->
            new Target(
                row.getString("name"),
                row.getString("owner"),
                row.getString("relkind"),
                row.getBoolean("allowed")));
  }

  private String kinds() {
    return switch (action) {
      case VACUUM, REINDEX_TABLE -> "rpmt";
      case ANALYZE -> "rpmtf";
      case CLUSTER -> "rpm";
      case REFRESH -> "m";
      case REINDEX_INDEX, DROP_INDEX -> "iI";
      case ADD_VALUE -> "e";
      case CHECKPOINT -> "";
    };
  }

  private String expected() {
    return switch (action) {
      case REFRESH -> "a materialized view";
      case REINDEX_INDEX, DROP_INDEX -> "an index";
      case ADD_VALUE -> "an enum";
      default -> "a table";
    };
  }

  private String maintain(String table) {
    return action == Action.ADD_VALUE || action == Action.DROP_INDEX
        ? ""
        : ", or from PostgreSQL 17 on: GRANT MAINTAIN ON " + table;
  }

  private record Target(String name, String owner, String kind, boolean allowed) {}
}
