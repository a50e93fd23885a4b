package io.undercurrent.chunk;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.time.Duration;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the key of a table has to be so that no row is passed over and no chunk becomes a scan: one
 * row each, delivered in order by an index, never NULL.
 *
 * @param patience how long to look for NULLs in columns that may have them
 */
record KeyRule(JdbcTemplate jdbc, String table, List<String> key, Duration patience) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String CANCELED = "57014";

  KeyRule(JdbcTemplate jdbc, String table, List<String> key) {
    this(jdbc, table, key, PATIENCE);
  }

  void check() {
    if (!holds(UNIQUE)) {
      throw new RefusedException(
          "expected the key (%s) of table %s to be unique, found no unique index over these columns. Rows with equal keys would be passed over; name a unique key"
              .formatted(String.join(", ", key), table));
    }
    if (!holds(ORDERED)) {
      throw new RefusedException(
          "expected an index on table %s that orders rows by (%s), found none. Every chunk would sort the whole table; put the key's columns in an index's order"
              .formatted(table, String.join(", ", key)));
    }
    refuseNulls();
  }

  private static final String UNIQUE =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_index
         WHERE indrelid = to_regclass(?)
           AND indisunique AND indisvalid AND indpred IS NULL AND indexprs IS NULL
           AND (SELECT bool_and(attname = ANY (CAST(? AS text[])))
                  FROM unnest(indkey[0:indnkeyatts - 1]) AS part
                  JOIN pg_attribute ON attrelid = indrelid AND attnum = part))""";

  /** A direction is 0 for ASC NULLS LAST, which is the order of a page, and 3 for its reverse. */
  private static final String ORDERED =
      """
      SELECT EXISTS (
        SELECT
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indexrelid
          JOIN pg_am ON pg_am.oid = relam AND amname = 'btree'
         WHERE indrelid = to_regclass(?)
           AND indisvalid AND indpred IS NULL
           AND CAST(? AS name[]) = ANY (
             SELECT array_agg(attname ORDER BY position)
               FROM unnest(CAST(indkey AS int2[]), CAST(indoption AS int2[]),
                           CAST(indcollation AS oid[]), CAST(indclass AS oid[]))
                    WITH ORDINALITY AS part (attribute, direction, collated, class, position)
               JOIN pg_attribute ON attrelid = indrelid AND attnum = attribute
                                AND attcollation = collated
               JOIN pg_opclass ON pg_opclass.oid = class
                              AND opcname NOT LIKE '%pattern_ops'
              WHERE position <= cardinality(CAST(? AS text[]))
                AND direction IN (0, 3)
              GROUP BY direction))""";

  private boolean holds(String rule) {
    var parameters =
        rule.equals(UNIQUE) ? List.<Object>of(table, key) : List.<Object>of(table, key, key);
    return BoundSql.of(rule, parameters).query(jdbc, (row, number) -> row.getBoolean(1)).get(0);
  }

  private void refuseNulls() {
    var nullable =
        BoundSql.of(
                """
                SELECT attname
                  FROM pg_attribute
                 WHERE attrelid = to_regclass(?)
                   AND attname = ANY (CAST(? AS text[]))
                   AND NOT attnotnull""",
                List.of(table, key))
            .query(jdbc, (row, number) -> row.getString(1));
    if (!nullable.isEmpty() && hasNulls(nullable)) {
      throw new RefusedException(
          "expected no NULL in the key (%s) of table %s, found some in %s. Such rows would be passed over; name a key without NULLs"
              .formatted(String.join(", ", key), table, nullable));
    }
  }

  private boolean hasNulls(List<String> nullable) {
    var transaction =
        new TransactionTemplate(
            new DataSourceTransactionManager(requireNonNull(jdbc.getDataSource())));
    try {
      return Boolean.TRUE.equals(transaction.execute(status -> findNulls(nullable)));
    } catch (DataAccessException e) {
      if (!CANCELED.equals(SqlFailure.of(e).sqlState())) {
        throw e;
      }
      throw new RefusedException(
          "expected no NULL in the key (%s) of table %s, found no answer within %d s whether there is one in %s. Declare it NOT NULL, or leave NULLs out with 'read: {sql, key}'"
              .formatted(String.join(", ", key), table, patience.toSeconds(), nullable),
          e);
    }
  }

  /** One look-up for a column that begins an index, none for one with a CHECK; else a scan. */
  private boolean findNulls(List<String> nullable) {
    jdbc.execute("SET LOCAL statement_timeout = " + patience.toMillis());
    jdbc.execute("SET LOCAL constraint_exclusion = on");
    var found =
        nullable.stream()
            .map(
                name ->
                    "EXISTS (SELECT FROM %s WHERE %s IS NULL)"
                        .formatted(table, Column.quoted(name)));
    return Boolean.TRUE.equals(
        jdbc.queryForObject("SELECT " + found.collect(joining(" OR ")), Boolean.class));
  }
}
