package io.undercurrent.key;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.RefusedException;
import io.undercurrent.key.ColumnOrder.Operator;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How a key is ordered and compared: by the operators of the classes that ORDER BY uses, whatever
 * the search path finds under their names.
 */
public record KeyOrder(List<ColumnOrder> columns) {

  /** The operators of a B-tree, by their strategy numbers from 1. */
  private static final List<String> OPERATORS = List.of("<", "<=", "=", ">=", ">");

  /** Finds a type's class of operators as the server does, in GetDefaultOpClass. */
  private static final String CATALOGUE =
      """
      SELECT format_type(key.type, NULL) AS type, key.collated AS collation,
             typnamespace = CAST('pg_catalog' AS regnamespace)
             AND typname IN ('int2', 'int4', 'int8', 'oid', 'bool', 'uuid', 'bytea', 'date',
                             'timestamp', 'timestamptz', 'text', 'varchar', 'name')
             AND coalesce((SELECT collisdeterministic
                             FROM pg_collation
                            WHERE oid = CAST(key.collated AS regcollation)), true) AS one_text,
             opcfamily AS family, schemas, operators, equality, plain
        FROM (SELECT) AS one
        LEFT JOIN LATERAL (SELECT * FROM %s LIMIT 0) AS q ON true
       CROSS JOIN LATERAL (VALUES %s) AS key (position, type, collated)
       CROSS JOIN LATERAL (
         WITH RECURSIVE domain (type) AS (
           SELECT key.type
            UNION ALL
           SELECT typbasetype
             FROM domain
             JOIN pg_type ON pg_type.oid = type AND typtype = 'd'
         )
         SELECT pg_type.*
           FROM domain
           JOIN pg_type ON pg_type.oid = type AND typtype <> 'd') AS bare
        LEFT JOIN LATERAL (
          SELECT opcfamily, opcintype
            FROM pg_opclass
            JOIN pg_am ON pg_am.oid = opcmethod AND amname = 'btree'
            JOIN pg_type AS taken ON taken.oid = opcintype
           WHERE opcdefault
             AND (opcintype = bare.oid
                  OR opcintype = CAST(CASE WHEN bare.typtype = 'e' THEN 'anyenum'
                                           WHEN bare.typtype = 'r' THEN 'anyrange'
                                           WHEN bare.typtype = 'm' THEN 'anymultirange'
                                           WHEN bare.typtype = 'c' THEN 'record'
                                           WHEN bare.typcategory = 'A' THEN 'anyarray'
                                      END AS regtype)
                  OR EXISTS (SELECT
                               FROM pg_cast
                              WHERE castsource = bare.oid AND casttarget = opcintype
                                AND castmethod = 'b' AND castcontext = 'i'))
           ORDER BY opcintype = bare.oid DESC, taken.typispreferred DESC
           LIMIT 1) AS class ON true
        LEFT JOIN LATERAL (
          SELECT array_agg(quote_ident(nspname) ORDER BY amopstrategy) AS schemas,
                 array_agg(CAST(oprname AS text) ORDER BY amopstrategy) AS operators,
                 min(amopopr) FILTER (WHERE amopstrategy = 3) AS equality,
                 bool_and(pg_operator_is_visible(amopopr)
                          AND (opcintype = bare.oid OR NOT EXISTS (
                            SELECT
                              FROM pg_operator AS nearer
                             WHERE nearer.oprname = pg_operator.oprname
                               AND nearer.oprleft = bare.oid
                               AND nearer.oprright = bare.oid
                               AND pg_operator_is_visible(nearer.oid)))) AS plain
            FROM pg_amop
            JOIN pg_operator ON pg_operator.oid = amopopr
            JOIN pg_namespace ON pg_namespace.oid = oprnamespace
           WHERE amopfamily = opcfamily
             AND amoplefttype = opcintype
             AND amoprighttype = opcintype
             AND amoppurpose = 's') AS found ON true
       ORDER BY key.position""";

  /**
   * Asks the server, without running the query.
   *
   * @param source what follows FROM
   * @param key the columns of the key
   * @throws RefusedException if one cannot be ordered, or they cannot be compared together
   */
  public static KeyOrder of(JdbcTemplate jdbc, BoundSql source, List<Column> key) {
    var catalogue =
        BoundSql.of(CATALOGUE.formatted(source.text(), types(key)), source.parameters());
    var columns = catalogue.query(jdbc, (row, number) -> ColumnOrder.of(key.get(number), row));
    var order = new KeyOrder(columns);
    if (!OPERATORS.stream().allMatch(order::hasOneName)) {
      order.refuse(jdbc);
    }
    return order;
  }

  private static String types(List<Column> key) {
    return IntStream.range(0, key.size())
        .mapToObj(i -> type(i, "q." + key.get(i).quoted()))
        .collect(joining(", "));
  }

  /** A type without collations must not be asked for one. */
  private static String type(int position, String column) {
    return """
        (%1$d, CAST(pg_typeof(%2$s) AS oid),
         CASE WHEN (SELECT typcollation <> 0 FROM pg_type WHERE oid = pg_typeof(%2$s))
              THEN pg_collation_for(%2$s) END)"""
        .formatted(position, column);
  }

  /** An operator that compares rows of so many columns: SQL looks it up by one name for all. */
  String rows(String operator, int columns) {
    var found = operators(operator).subList(0, columns);
    return found.stream().distinct().count() == 1 ? found.get(0).qualified() : found.get(0).name();
  }

  /** An operator that compares one column. */
  String column(int column, String operator) {
    return operators(operator).get(column).qualified();
  }

  private List<Operator> operators(String operator) {
    var strategy = OPERATORS.indexOf(operator);
    return columns.stream().map(column -> column.operators().get(strategy)).toList();
  }

  private boolean hasOneName(String operator) {
    var found = operators(operator);
    return found.stream().distinct().count() == 1
        || columns.stream().allMatch(ColumnOrder::plain)
            && found.stream().map(Operator::name).distinct().count() == 1;
  }

  private void refuse(JdbcTemplate jdbc) {
    var path = jdbc.queryForObject("SELECT current_setting('search_path')", String.class);
    var role = jdbc.queryForObject("SELECT quote_ident(current_user)", String.class);
    var missing = columns.stream().filter(column -> !column.plain()).map(ColumnOrder::schema);
    throw new RefusedException(
        "expected the key's columns to be compared by operators on the search path %s, since they are of several schemas, found %s. Put them there, for example with: ALTER ROLE %s SET search_path = %s, %s"
            .formatted(
                path,
                list(column -> column.schema() + " for " + column.described()),
                role,
                path,
                missing.distinct().collect(joining(", "))));
  }

  /** Whether two keys are equal only where their texts are. */
  public boolean oneTextPerKey() {
    return columns.stream().allMatch(ColumnOrder::oneTextPerValue);
  }

  /** The numbers, from 1, of two keys that are equal, which their texts need not be. */
  public BoundSql twins(List<List<String>> keys) {
    var numbers = IntStream.range(0, columns.size()).boxed().toList();
    var names = numbers.stream().map(i -> "c" + i).collect(joining(", "));
    var texts = numbers.stream().map(i -> keys.stream().map(key -> key.get(i)).toList()).toList();
    return BoundSql.of(
        """
        SELECT min(number), max(number)
          FROM unnest(%s) WITH ORDINALITY AS key (%s, number)
         GROUP BY %s
        HAVING count(*) > 1
         LIMIT 1"""
            .formatted(
                list(column -> "CAST(? AS text[])"),
                names,
                numbers.stream().map(i -> columns.get(i).value("c" + i)).collect(joining(", "))),
        texts);
  }

  /** Keys in text form as a source of rows, compared as these are, each with its number from 1. */
  BoundSql values(List<List<String>> keys, List<Column> names) {
    var numbers = IntStream.range(0, columns.size()).boxed().toList();
    var texts = numbers.stream().map(i -> keys.stream().map(key -> key.get(i)).toList()).toList();
    return BoundSql.of(
        """
        (SELECT number AS "number of key", %s
           FROM unnest(%s) WITH ORDINALITY AS text (%s, number)) AS given"""
            .formatted(
                numbers.stream()
                    .map(i -> columns.get(i).value("c" + i) + " AS " + names.get(i).quoted())
                    .collect(joining(", ")),
                list(column -> "CAST(? AS text[])"),
                numbers.stream().map(i -> "c" + i).collect(joining(", "))),
        texts);
  }

  private String list(Function<ColumnOrder, String> form) {
    return columns.stream().map(form).collect(joining(", "));
  }
}
