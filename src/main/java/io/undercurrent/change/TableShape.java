package io.undercurrent.change;

import static java.util.Comparator.comparingInt;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.BoundSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A table, as the catalogue has it.
 *
 * @param name as written in SQL
 * @param kind what it is, by the catalogue's letter
 * @param related whether it is the first of the tables that were looked up together, or one that
 *     the first inherits from or is inherited by; partitions included
 * @param columns in their order
 */
record TableShape(String name, String kind, boolean related, List<TableColumn> columns) {

  private static final Map<String, String> OTHERS =
      Map.of("v", "a view", "m", "a materialized view", "f", "a foreign table", "S", "a sequence");

  private static final String CATALOGUE =
      """
      WITH RECURSIVE upwards AS (
        SELECT CAST((CAST(? AS text[]))[1] AS regclass) AS relation
         UNION
        SELECT inhparent
          FROM upwards
          JOIN pg_inherits ON inhrelid = relation
      ), downwards AS (
        SELECT CAST((CAST(? AS text[]))[1] AS regclass) AS relation
         UNION
        SELECT inhrelid
          FROM downwards
          JOIN pg_inherits ON inhparent = relation
      )
      SELECT named.number, relkind, attname,
             pg_class.oid IN (SELECT relation FROM upwards UNION SELECT relation FROM downwards)
             AS related,
             format('%I.%I', nspname, typname) AS type,
             CASE WHEN typtype = 'd' OR typname = 'bpchar' THEN 'text'
                  WHEN typname IN ('numeric', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval')
                  THEN format_type(atttypid, atttypmod)
                  ELSE format('%I.%I', nspname, typname) END AS compared,
             CASE WHEN typnamespace <> CAST('pg_catalog' AS regnamespace) THEN NULL
                  WHEN typname IN ('text', 'varchar') THEN ' COLLATE "C"'
                  WHEN typname IN ('bool', 'int2', 'int4', 'int8', 'oid', 'uuid', 'date', 'bytea',
                                   'timestamp', 'timestamptz') THEN '' END AS same,
             format_type(atttypid, atttypmod) AS described,
             atttypmod <> -1 AS bounded,
             attgenerated <> '' AS generated,
             attidentity = 'a' AS always,
             attnotnull AND NOT atthasdef AND attidentity = '' AS required,
             coalesce(array_position(CAST(pk.indkey[0:pk.indnkeyatts - 1] AS int2[]), attnum), 0)
             AS key_position,
             compared.equality
        FROM unnest(CAST(? AS text[])) WITH ORDINALITY AS named (name, number)
        JOIN pg_class ON pg_class.oid = CAST(named.name AS regclass)
        LEFT JOIN pg_index AS pk ON pk.indrelid = pg_class.oid AND pk.indisprimary
        LEFT JOIN (pg_attribute
                   JOIN pg_type ON pg_type.oid = atttypid
                   JOIN pg_namespace ON pg_namespace.oid = typnamespace)
               ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        LEFT JOIN LATERAL (
          SELECT CASE WHEN pg_operator_is_visible(amopopr) THEN oprname
                      ELSE format('OPERATOR(%I.%s)', nspname, oprname) END AS equality
            FROM pg_index
           CROSS JOIN unnest(CAST(indkey AS int2[]), CAST(indclass AS oid[]))
                      AS part (attribute, class)
            JOIN pg_opclass ON pg_opclass.oid = class
            JOIN pg_am ON pg_am.oid = opcmethod AND amname = 'btree'
            JOIN pg_amop ON amopfamily = opcfamily AND amopstrategy = 3
                        AND amoplefttype = opcintype AND amoprighttype = opcintype
            JOIN pg_operator ON pg_operator.oid = amopopr
            JOIN pg_namespace ON pg_namespace.oid = oprnamespace
           WHERE indrelid = attrelid AND attribute = attnum
           ORDER BY indisprimary DESC, indexrelid
           LIMIT 1) AS compared ON true
       ORDER BY named.number, attnum""";

  /**
   * Looks tables up, without locking them.
   *
   * @param names as written in SQL
   * @throws org.springframework.dao.DataAccessException if there is no such table
   */
  static List<TableShape> of(JdbcTemplate jdbc, List<String> names) {
    var shapes = new ArrayList<TableShape>();
    BoundSql.of(CATALOGUE, List.of(names, names, names))
        .query(jdbc, (row, number) -> add(row, names, shapes));
    return shapes;
  }

  static TableShape of(JdbcTemplate jdbc, String name) {
    return of(jdbc, List.of(name)).get(0);
  }

  private static boolean add(ResultSet row, List<String> names, List<TableShape> shapes)
      throws SQLException {
    if (row.getInt("number") > shapes.size()) {
      shapes.add(
          new TableShape(
              names.get(shapes.size()),
              row.getString("relkind"),
              row.getBoolean("related"),
              new ArrayList<>()));
    }
    return row.getString("attname") != null
        && shapes.get(shapes.size() - 1).columns.add(TableColumn.of(row));
  }

  /**
   * Refuses what is no table.
   *
   * @param what what it should be one for
   * @throws RefusedException if it is none
   */
  TableShape requireTable(String what) {
    if (OTHERS.containsKey(kind)) {
      throw new RefusedException(
          "expected a table %s, found %s, which is %s".formatted(what, name, OTHERS.get(kind)));
    }
    return this;
  }

  /** The columns of the primary key, in its order. */
  List<String> primaryKey() {
    return columns.stream()
        .filter(column -> column.keyPosition() > 0)
        .sorted(comparingInt(TableColumn::keyPosition))
        .map(TableColumn::name)
        .toList();
  }

  Optional<TableColumn> find(String column) {
    return columns.stream().filter(any -> any.name().equals(column)).findFirst();
  }

  /**
   * A column that is named somewhere.
   *
   * @throws RefusedException if the table has none of that name
   */
  TableColumn column(String column) {
    return find(column)
        .orElseThrow(
            () -> {
              var known = columns.stream().map(TableColumn::name).toList();
              return new RefusedException(
                  "expected a column of table %s, found '%s'%s"
                      .formatted(name, column, DidYouMean.hint(column, known)));
            });
  }
}
