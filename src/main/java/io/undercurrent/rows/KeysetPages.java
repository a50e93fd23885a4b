package io.undercurrent.rows;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.job.Work;
import io.undercurrent.job.Work.ReadWrite;
import io.undercurrent.job.Work.Sql;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.sql.Volatility;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The SQL that pages through what an update reads: row-value comparison and LIMIT, never OFFSET, no
 * condition on the first page.
 *
 * @param from what is read, in words
 * @param columns what a row has, the key first
 * @param order how the key among them is ordered
 * @param source what stands behind FROM
 * @param filter which keys of a page are items, or null for all
 * @param weight the index of the column that says what an item costs, or -1
 * @param lock the locking clause of what is read, or empty
 * @param prunes whether to leave out partitions, which a comparison of rows does not
 * @param last the key that no page goes beyond, or null for none
 */
public record KeysetPages(
    String from,
    List<Column> columns,
    KeyOrder order,
    BoundSql source,
    @Nullable BoundSql filter,
    int weight,
    String lock,
    boolean prunes,
    @Nullable List<String> last) {

  private static final String A_QUERY = "a query";
  private static final String WEIGHT = "weight";

  public static KeysetPages of(JdbcTemplate jdbc, ReadWrite work, Map<String, Object> values) {
    if (work.read() instanceof Work.Read.Table table) {
      return ofTable(jdbc, table, values);
    }
    return ofQuery(jdbc, (Work.Read.Query) work.read(), values);
  }

  private static KeysetPages ofTable(
      JdbcTemplate jdbc, Work.Read.Table table, Map<String, Object> values) {
    var key = table.key().stream().map(Column::quoted).collect(joining(", "));
    var source = BoundSql.of(table.table(), List.of());
    var columns = Column.of(jdbc, "SELECT " + key + " FROM " + table.table());
    new WalkedTable(jdbc, table.table(), table.key()).check();
    var order = KeyOrder.of(jdbc, source, columns);
    KeyRule.of(jdbc, table.table(), order).check();
    var filter = table.where() == null ? null : filter(jdbc, table.table(), table.where(), values);
    return new KeysetPages(table.table(), columns, order, source, filter, -1, "", false, null);
  }

  private static BoundSql filter(
      JdbcTemplate jdbc, String table, Sql where, Map<String, Object> values) {
    var template = SqlTemplate.parse(where.text(), values);
    var filter = BoundSql.of(template, values);
    var all = "SELECT FROM " + table + " WHERE (" + filter.text() + "\n)";
    new Volatility(jdbc).refuse("where", template, BoundSql.of(all, filter.parameters()));
    return filter;
  }

  private static KeysetPages ofQuery(
      JdbcTemplate jdbc, Work.Read.Query query, Map<String, Object> values) {
    var template = SqlTemplate.parse(query.sql().text(), values);
    var sql = BoundSql.of(template, values);
    var source = BoundSql.of("(\n" + sql.text() + "\n) q", sql.parameters());
    var found = Column.of(jdbc, "SELECT * FROM " + source.text());
    var columns = keyFirst(found, query.key());
    new Volatility(jdbc).refuse("read.sql", template, sql);
    var order = KeyOrder.of(jdbc, source, columns.subList(0, query.key().size()));
    var names = columns.stream().map(Column::name).toList();
    var others = new ArrayList<>(names.subList(query.key().size(), names.size()));
    others.remove(WEIGHT);
    var pages =
        new KeysetPages(
            A_QUERY, columns, order, source, null, names.indexOf(WEIGHT), "", false, null);
    var locking = others.isEmpty() ? pages : RowLocks.require(jdbc, pages, others);
    new NullKeys(jdbc)
        .refuse(
            "the key of 'read.sql'",
            source,
            query.key(),
            "Leave NULLs out in the query with IS NOT NULL");
    return locking;
  }

  private static List<Column> keyFirst(List<Column> found, List<String> key) {
    var columns = new ArrayList<Column>();
    for (var name : key) {
      columns.add(
          found.stream()
              .filter(column -> column.name().equals(name))
              .findFirst()
              .orElseThrow(() -> noSuchColumn(name, found)));
    }
    found.stream().filter(column -> !key.contains(column.name())).forEach(columns::add);
    return columns;
  }

  private static RefusedException noSuchColumn(String name, List<Column> found) {
    var names = found.stream().map(Column::name).toList();
    return new RefusedException(
        "expected the key column '%s' in the result of 'read.sql', found %s%s"
            .formatted(name, names, DidYouMean.hint(name, names)));
  }

  /** The same, but for keys beyond that one. */
  KeysetPages upTo(List<String> last) {
    return new KeysetPages(from, columns, order, source, filter, weight, lock, prunes, last);
  }

  /** The same, but each row is locked as it is read. */
  KeysetPages locking(String lock) {
    return new KeysetPages(from, columns, order, source, filter, weight, lock, prunes, last);
  }

  /** The same for a table with partitions. */
  KeysetPages pruning() {
    return new KeysetPages(from, columns, order, source, filter, weight, lock, true, last);
  }

  /** What a position is a position on: {@code members by room_id (text), user_id (text)}. */
  String axis() {
    return from + " by " + list(key(), column -> column.name() + " (" + column.order() + ")");
  }

  /** Whether no two keys are equal whose texts differ; a table's unique index sees to that. */
  boolean oneTextPerKey() {
    return !from.equals(A_QUERY) || order.oneTextPerKey();
  }

  int keyColumns() {
    return order.columns().size();
  }

  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  private List<Column> key() {
    return columns.subList(0, keyColumns());
  }

  /** All that is to be read, unpaged; for the planner's estimate. */
  BoundSql all() {
    return BoundSql.of(
        "SELECT " + list(key(), Column::quoted) + " FROM " + source.text(), source.parameters());
  }

  /**
   * The greatest key, and whether it is greater than what its text form stands for; what is NULL
   * counts as greater than all.
   */
  BoundSql greatest() {
    return BoundSql.of(
        "SELECT %s, CAST(%s AS text)\n  FROM %s\n ORDER BY %s\n LIMIT 1"
            .formatted(
                list(key(), Column::asText),
                compared(">", Column::throughText),
                source.text(),
                list(key(), column -> column.quoted() + " DESC")),
        source.parameters());
  }

  /** Those of them that are items. */
  BoundSql matching() {
    var all = all();
    if (filter == null) {
      return all;
    }
    var parameters = new ArrayList<>(all.parameters());
    parameters.addAll(filter.parameters());
    return BoundSql.of(all.text() + " WHERE (" + filter.text() + "\n)", parameters);
  }

  /** The rows behind a key, at most {@code limit}. */
  BoundSql page(@Nullable List<String> behind, int limit) {
    return paged(list(columns, Column::asText), behind, limit, lock);
  }

  /** The last two keys of a page, backwards, each with the number of keys that the page has. */
  BoundSql end(@Nullable List<String> behind, int limit) {
    var keys = paged(list(key(), Column::quoted), behind, limit, "");
    return BoundSql.of(
        "SELECT %s, CAST(count(*) OVER () AS text) FROM (\n%s\n) page\n ORDER BY %s\n LIMIT 2"
            .formatted(
                list(key(), Column::asText),
                keys.text(),
                list(key(), column -> column.quoted() + " DESC")),
        keys.parameters());
  }

  /** The items among the keys behind one key, up to and including another. */
  BoundSql items(@Nullable List<String> behind, List<String> upTo, BoundSql filter) {
    var range = new Conditions();
    range.compare(">", behind);
    range.compare("<=", upTo);
    range.add("(" + filter.text() + "\n)", filter.parameters());
    return read(list(columns, Column::asText), range, suffix(lock), List.of());
  }

  private BoundSql paged(String selected, @Nullable List<String> behind, int limit, String suffix) {
    var range = new Conditions();
    range.compare(">", behind);
    range.compare("<=", last);
    return read(selected, range, "\n LIMIT ?" + suffix(suffix), List.of(limit));
  }

  private static String suffix(String lock) {
    return lock.isEmpty() ? "" : "\n" + lock;
  }

  private BoundSql read(String selected, Conditions range, String suffix, List<?> more) {
    var parameters = new ArrayList<>(source.parameters());
    parameters.addAll(range.parameters);
    parameters.addAll(more);
    return BoundSql.of(
        "SELECT %s\n  FROM %s\n%s ORDER BY %s%s"
            .formatted(selected, source.text(), range.where(), list(key(), Column::quoted), suffix),
        parameters);
  }

  /** What stands behind WHERE, with the values of its parameters. */
  private final class Conditions {

    private final List<String> texts = new ArrayList<>();
    private final List<@Nullable Object> parameters = new ArrayList<>();

    void add(String text, List<? extends @Nullable Object> values) {
      texts.add(text);
      parameters.addAll(values);
    }

    void compare(String operator, @Nullable List<String> key) {
      if (key == null) {
        return;
      }
      if (prunes && key.size() > 1) {
        add(firstCompared(operator.charAt(0) + "="), key.subList(0, 1));
      }
      add(compared(operator, Column::parameter), key);
    }

    String where() {
      return texts.isEmpty() ? "" : " WHERE " + String.join("\n   AND ", texts) + "\n";
    }
  }

  private String compared(String operator, Function<Column, String> other) {
    return "(%s) %s (%s)"
        .formatted(list(key(), Column::quoted), order.rows(operator), list(key(), other));
  }

  private String firstCompared(String operator) {
    var first = columns.get(0);
    return first.quoted() + " " + order.column(0, operator) + " " + first.parameter();
  }

  private static String list(List<Column> columns, Function<Column, String> form) {
    return columns.stream().map(form).collect(joining(", "));
  }

  /** All statements that a run will use, for {@code check}. */
  public List<BoundSql> statements() {
    var some = Collections.nCopies(keyColumns(), (String) null);
    var bounded = upTo(some);
    return filter == null
        ? List.of(greatest(), page(null, 1), bounded.page(some, 1))
        : Stream.of(greatest(), end(null, 1), bounded.end(some, 1), items(some, some, filter))
            .toList();
  }
}
