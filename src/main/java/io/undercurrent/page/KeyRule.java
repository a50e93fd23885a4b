package io.undercurrent.page;

import io.undercurrent.database.RefusedException;
import io.undercurrent.key.ColumnOrder;
import io.undercurrent.key.KeyOrder;
import io.undercurrent.key.NullKeys;
import io.undercurrent.sql.BoundSql;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the key of a table has to be so that no row is skipped and no chunk becomes a scan: one row
 * each, delivered in order by an index, never NULL.
 */
record KeyRule(JdbcTemplate jdbc, String table, KeyOrder order, NullKeys nulls) {

  static KeyRule of(JdbcTemplate jdbc, String table, KeyOrder order) {
    return new KeyRule(jdbc, table, order, new NullKeys(jdbc));
  }

  void check() {
    if (!holds(UNIQUE)) {
      throw new RefusedException(
          "expected the key (%s) of table %s to be unique, found no unique index over these columns. Rows with equal keys would be skipped; name a unique key"
              .formatted(names(), table));
    }
    if (!holds(ORDERED)) {
      throw new RefusedException(
          "expected an index on table %s that orders rows by (%s), found none. Every chunk would sort the whole table; list the key's columns in the order of an index"
              .formatted(table, names()));
    }
    nulls.refuse(
        "the key (%s) of table %s".formatted(names(), table),
        BoundSql.of(table, List.of()),
        nullable(),
        "Declare it NOT NULL, or leave NULLs out with 'read: {sql, key}'");
  }

  private String names() {
    return String.join(", ", key());
  }

  private List<String> key() {
    return order.columns().stream().map(part -> part.column().name()).toList();
  }

  /** Rows that differ in the index are different keys, whatever the order of its columns. */
  private static final String UNIQUE =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indexrelid
          JOIN pg_am ON pg_am.oid = relam AND amname = 'btree'
         WHERE indrelid = to_regclass(?)
           AND indisunique AND indisvalid AND indisready AND indislive
           AND indpred IS NULL AND indexprs IS NULL
           AND (SELECT bool_and(name IS NOT NULL)
                  FROM unnest(CAST(indkey[0:indnkeyatts - 1] AS int2[]),
                              CAST(indclass AS oid[]), CAST(indcollation AS oid[]))
                       AS part (attribute, class, collated)
                  JOIN pg_attribute ON attrelid = indrelid AND attnum = attribute
                  JOIN pg_opclass ON pg_opclass.oid = class
                  JOIN pg_amop ON amopfamily = opcfamily AND amopstrategy = 3
                              AND amoplefttype = opcintype AND amoprighttype = opcintype
                  LEFT JOIN unnest(CAST(? AS text[]), CAST(CAST(? AS text[]) AS oid[]))
                            AS key (name, equality)
                         ON name = attname AND equality = amopopr
                        AND (collated = attcollation
                             OR NOT EXISTS (SELECT
                                              FROM pg_collation
                                             WHERE oid IN (collated, attcollation)
                                               AND NOT collisdeterministic))))""";

  /** A direction is 0 for ASC NULLS LAST, which is the order of a page, and 3 for its reverse. */
  private static final String ORDERED =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indexrelid
          JOIN pg_am ON pg_am.oid = relam AND amname = 'btree'
         WHERE indrelid = to_regclass(?)
           AND indisvalid AND indisready AND indislive AND indpred IS NULL
           AND EXISTS (
             SELECT
               FROM unnest(CAST(indkey AS int2[]), CAST(indoption AS int2[]),
                           CAST(indcollation AS oid[]), CAST(indclass AS oid[]))
                    WITH ORDINALITY AS part (attribute, direction, collated, class, position)
               JOIN pg_attribute ON attrelid = indrelid AND attnum = attribute
                                AND attcollation = collated
               JOIN pg_opclass ON pg_opclass.oid = class
               JOIN unnest(CAST(? AS text[]), CAST(CAST(? AS text[]) AS oid[]))
                    WITH ORDINALITY AS key (name, family, position)
                 ON key.position = part.position AND name = attname AND family = opcfamily
              WHERE direction IN (0, 3)
              GROUP BY direction
             HAVING count(*) = %d))""";

  private boolean holds(String rule) {
    var numbers = rule.equals(UNIQUE) ? of(ColumnOrder::equality) : of(ColumnOrder::family);
    return BoundSql.of(rule.formatted(key().size()), List.of(table, key(), numbers))
        .query(jdbc, (row, number) -> row.getBoolean(1))
        .get(0);
  }

  private List<String> of(Function<ColumnOrder, String> number) {
    return order.columns().stream().map(number).toList();
  }

  /** From version 18 a column may be NOT NULL in the catalogue before its rows are. */
  private List<String> nullable() {
    return texts(
        """
        SELECT DISTINCT attname
          FROM pg_attribute
         WHERE attrelid IN (SELECT to_regclass(?)
                             UNION
                            SELECT relid
                              FROM pg_partition_tree(to_regclass(?)))
           AND attname = ANY (CAST(? AS text[]))
           AND (NOT attnotnull
                OR EXISTS (SELECT
                             FROM pg_constraint
                            WHERE conrelid = attrelid
                              AND contype = 'n'
                              AND conkey = ARRAY[attnum]
                              AND NOT convalidated))
         ORDER BY attname""",
        table,
        table,
        key());
  }

  private List<String> texts(String sql, Object... parameters) {
    return BoundSql.of(sql, List.of(parameters)).query(jdbc, (row, number) -> row.getString(1));
  }
}
