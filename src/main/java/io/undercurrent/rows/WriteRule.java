package io.undercurrent.rows;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.RefusedException;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.Read;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.SetColumns;
import io.undercurrent.sql.SqlTemplate;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.postgresql.PGResultSetMetaData;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;

/**
 * What a statement of {@code write} has to be so that each item's rows are changed once: it uses
 * the chunk, and leaves the key of what is read alone.
 */
final class WriteRule {

  /** A table itself, or what a partition belongs to; no row for a view. */
  private static final String ROOT =
      """
      SELECT CAST(CAST(coalesce(pg_partition_root(oid), oid) AS regclass) AS text)
        FROM pg_class
       WHERE oid = to_regclass(?)
         AND relkind <> 'v'""";

  private static final String OWN_FUNCTIONS =
      """
      SELECT proname
        FROM pg_proc
        JOIN pg_namespace ON pg_namespace.oid = pronamespace
       WHERE proname = ANY (CAST(? AS text[]))
         AND provolatile = 'v'
         AND nspname <> 'pg_catalog'
         AND (pg_function_is_visible(pg_proc.oid) OR nspname = ANY (CAST(? AS text[])))
       LIMIT 1""";

  /** What a generated column is made of; to PostgreSQL 14 that depends on no default. */
  private static final String MADE_OF =
      """
      SELECT base.attname
        FROM pg_attribute AS made
        JOIN pg_attrdef ON adrelid = made.attrelid AND adnum = made.attnum
        JOIN pg_depend ON refobjid = adrelid AND refclassid = CAST('pg_class' AS regclass)
                      AND (classid = CAST('pg_attrdef' AS regclass) AND objid = pg_attrdef.oid
                           OR classid = refclassid AND objid = adrelid AND objsubid = adnum)
        JOIN pg_attribute AS base ON base.attrelid = adrelid AND base.attnum = refobjsubid
       WHERE made.attrelid = to_regclass(?)
         AND made.attname = ?
         AND made.attgenerated <> ''
         AND base.attnum <> adnum""";

  private final JdbcTemplate jdbc;
  private final List<Column> columns;
  private final Map<String, Object> values;
  private final List<KeyColumn> key;

  /** The rule for the statements that write what some pages read. */
  public WriteRule(JdbcTemplate jdbc, Read read, KeysetPages pages, Map<String, Object> values) {
    this.jdbc = jdbc;
    this.columns = pages.columns();
    this.values = values;
    var named = read instanceof Read.Table table ? keyOf(table) : keyOf(pages.sql().all());
    this.key =
        named.stream().flatMap(column -> Stream.concat(Stream.of(column), madeOf(column))).toList();
  }

  private Stream<KeyColumn> madeOf(KeyColumn column) {
    return column.tables.stream()
        .flatMap(
            table ->
                BoundSql.of(MADE_OF, List.of(table, column.name))
                    .query(jdbc, (row, number) -> row.getString(1))
                    .stream())
        .map(
            base ->
                new KeyColumn(
                    base, column.tables, ", of which '%s' is made,".formatted(column.name)));
  }

  private List<KeyColumn> keyOf(Read.Table table) {
    var tables = tables(table.table(), Set::of);
    return table.key().stream().map(column -> new KeyColumn(column, tables, "")).toList();
  }

  /** The columns that a query's key comes from, where the server knows them. */
  private List<KeyColumn> keyOf(BoundSql query) {
    PreparedStatementCallback<List<Base>> describe = statement -> bases(statement.getMetaData());
    var bases = jdbc.execute(connection -> connection.prepareStatement(query.text()), describe);
    return requireNonNull(bases).stream()
        .map(base -> new KeyColumn(base.column, tables(base.relation, () -> readBy(query)), ""))
        .toList();
  }

  private static List<Base> bases(ResultSetMetaData result) throws SQLException {
    var origins = result.unwrap(PGResultSetMetaData.class);
    var bases = new ArrayList<Base>();
    for (int i = 1; i <= result.getColumnCount(); i++) {
      var table = origins.getBaseTableName(i);
      if (!table.isEmpty()) {
        var schema = Column.quoted(origins.getBaseSchemaName(i));
        bases.add(new Base(schema + "." + Column.quoted(table), origins.getBaseColumnName(i)));
      }
    }
    return bases;
  }

  private Set<String> readBy(BoundSql query) {
    return StatementPlan.of(jdbc, query).read();
  }

  private Set<String> tables(String relation, Supplier<Set<String>> behindAView) {
    var root = BoundSql.of(ROOT, List.of(relation)).query(jdbc, (row, number) -> row.getString(1));
    return root.isEmpty() ? behindAView.get() : Set.copyOf(root);
  }

  /**
   * Checks a statement.
   *
   * @return what it touches
   * @throws RefusedException if it would do the same for every chunk, or move rows along the key
   * @throws org.springframework.dao.DataAccessException if it cannot be planned, or if the role
   *     lacks a privilege that it needs
   */
  public StatementPlan check(String sql) {
    return check(sql, StatementPlan.of(jdbc, SetBasedWriter.onNothing(sql, columns, values)));
  }

  /**
   * Checks a statement that was planned before.
   *
   * @throws RefusedException as above
   */
  public StatementPlan check(String sql, StatementPlan plan) {
    var template = SqlTemplate.parse(sql, values);
    if (!plan.usesChunk()) {
      refuseRepetition(plan.changed());
      refuseOwnFunctions(template);
    }
    refuseRepetition(plan.untied());
    SetColumns.of(template).forEach(set -> refuseKey(set, plan));
    return plan;
  }

  private static void refuseRepetition(Set<String> tables) {
    if (!tables.isEmpty()) {
      var names = String.join(", ", tables);
      throw new RefusedException(
          "expected a statement that changes only the rows of its chunk, found one that changes rows of %s whatever the chunk holds: each chunk would change them again. Compare columns of %s with columns of 'chunk', or make it a 'run:' update of its own"
              .formatted(names, names));
    }
  }

  private void refuseOwnFunctions(SqlTemplate template) {
    // The server's own functions may be called for each chunk, such as pg_notify or set_config.
    var functions = ownFunctions(template.tokens());
    if (!functions.isEmpty()) {
      throw new RefusedException(
          "expected a statement that uses the relation 'chunk', found one that calls %s without it: whatever that changes, each chunk would change it again. Give it the chunk's rows, add 'FROM (SELECT FROM chunk LIMIT 1) AS once' if it belongs to each chunk, or make it a 'run:' update of its own"
              .formatted(functions.get(0)));
    }
  }

  private List<String> ownFunctions(List<String> tokens) {
    var names = tokens.stream().map(SetColumns::name).toList();
    var called = new ArrayList<String>();
    for (int i = 1; i < tokens.size(); i++) {
      if (tokens.get(i).equals("(")) {
        called.add(names.get(i - 1));
      }
    }
    return BoundSql.of(OWN_FUNCTIONS, List.of(called, names))
        .query(jdbc, (row, number) -> row.getString(1) + "()");
  }

  private void refuseKey(SetColumns set, StatementPlan plan) {
    var changed = tables(set.table(), plan::changed);
    for (var column : key) {
      if (set.columns().contains(column.name) && !Collections.disjoint(changed, column.tables)) {
        throw new RefusedException(
            "expected the key that 'read' names to stay as it is, found SET of '%s'%s in %s: rows whose key changes would be read again, or skipped. Read by another unique key, one that stays"
                .formatted(column.name, column.made, String.join(", ", changed)));
      }
    }
  }

  /** A column of a query's result with where it comes from. */
  private record Base(String relation, String column) {}

  /**
   * A column of the key, or one of which a column of the key is made.
   *
   * @param tables those that it may belong to
   * @param made a clause that says what is made of it, or nothing
   */
  private record KeyColumn(String name, Set<String> tables, String made) {}
}
