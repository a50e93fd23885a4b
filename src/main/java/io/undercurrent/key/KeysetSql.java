package io.undercurrent.key;

import static java.util.stream.Collectors.joining;

import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The statements that walk over rows in the order of a key: row-value comparison and LIMIT, never
 * OFFSET, no condition on the first page.
 *
 * @param columns what a row has, the key first
 * @param order how the key among them is ordered
 * @param source what follows FROM
 * @param lock the locking clause of what is read, or empty
 * @param prunes whether to leave out partitions, which a comparison of rows does not
 * @param range which keys the pages go over, and in which direction
 */
public record KeysetSql(
    List<Column> columns,
    KeyOrder order,
    BoundSql source,
    String lock,
    boolean prunes,
    KeyRange range) {

  public KeysetSql(List<Column> columns, KeyOrder order, BoundSql source) {
    this(columns, order, source, "", false, KeyRange.ALL);
  }

  /** The same, but for keys up to that one. */
  public KeysetSql upTo(List<String> last) {
    return within(range.between(range.first(), last));
  }

  /** The same, but from one key to another; of both, the leading columns are enough. */
  public KeysetSql between(@Nullable List<String> first, @Nullable List<String> last) {
    return within(range.between(first, last));
  }

  /** The same for another range. */
  public KeysetSql within(KeyRange other) {
    return new KeysetSql(columns, order, source, lock, prunes, other);
  }

  /** The same, but each row is locked as it is read. */
  public KeysetSql locking(String lock) {
    return new KeysetSql(columns, order, source, lock, prunes, range);
  }

  /** The same for a table with partitions. */
  public KeysetSql pruning() {
    return new KeysetSql(columns, order, source, lock, true, range);
  }

  public int keyColumns() {
    return order.columns().size();
  }

  public List<Column> key() {
    return columns.subList(0, keyColumns());
  }

  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /** All keys, unpaged. */
  public BoundSql all() {
    return BoundSql.of(
        "SELECT " + list(key(), Column::quoted) + " FROM " + source.text(), source.parameters());
  }

  /** All keys of the range, unpaged. */
  public BoundSql walked() {
    var range = inRange();
    return BoundSql.of(
        all().text() + "\n" + range.where(), concat(source.parameters(), range.parameters));
  }

  /** The first key of the range, and whether it lies before what its text form stands for. */
  public BoundSql first() {
    return outermost(range.order(), range.descending());
  }

  /**
   * The last key of the range, and whether it lies beyond what its text form stands for; what is
   * NULL counts as greater than all.
   */
  public BoundSql last() {
    return outermost(range.backwards(), !range.descending());
  }

  private BoundSql outermost(String order, boolean greatest) {
    var range = inRange();
    return BoundSql.of(
        "SELECT %s, CAST(%s AS text)\n  FROM %s\n%s ORDER BY %s\n LIMIT 1"
            .formatted(
                list(key(), Column::asText),
                compared(greatest ? ">" : "<", key(), Column::throughText),
                source.text(),
                range.where(),
                list(key(), column -> column.quoted() + order)),
        concat(source.parameters(), range.parameters));
  }

  private Conditions inRange() {
    var conditions = new Conditions();
    conditions.compare(range.onwards(), range.first());
    conditions.compare(range.upTo(), range.last());
    return conditions;
  }

  private static List<@Nullable Object> concat(
      List<@Nullable Object> some, List<? extends @Nullable Object> more) {
    var all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }

  /** The rows after a key, at most {@code limit}. */
  public BoundSql page(@Nullable List<String> after, int limit) {
    return paged(list(columns, Column::asText), after, limit, lock);
  }

  /** The last two keys of a page, backwards, each with the number of keys that the page has. */
  public BoundSql end(@Nullable List<String> after, int limit) {
    var keys = paged(list(key(), Column::quoted), after, limit, "");
    return BoundSql.of(
        "SELECT %s, CAST(count(*) OVER () AS text) FROM (\n%s\n) page\n ORDER BY %s\n LIMIT 2"
            .formatted(
                list(key(), Column::asText),
                keys.text(),
                list(key(), column -> column.quoted() + range.backwards())),
        keys.parameters());
  }

  /** The key that many after another, and the one that follows it; nothing if there are fewer. */
  public BoundSql nth(@Nullable List<String> after, int number) {
    var range = after(after);
    range.compare(this.range.upTo(), this.range.last());
    return read(list(key(), Column::asText), range, "\n OFFSET ? LIMIT 2", List.of(number - 1));
  }

  /** The condition that a row's key comes after one key, and not after another. */
  public BoundSql isBetween(@Nullable List<String> after, List<String> upTo) {
    var range = after(after);
    range.compare(this.range.upTo(), upTo);
    return BoundSql.of(String.join("\n   AND ", range.texts), range.parameters);
  }

  /** How many keys come after one key, up to and including another. */
  public BoundSql count(@Nullable List<String> after, List<String> upTo) {
    var between = isBetween(after, upTo);
    return BoundSql.of(
        "SELECT count(*) FROM %s\n WHERE %s".formatted(source.text(), between.text()),
        concat(source.parameters(), between.parameters()));
  }

  /** The condition that a row's key is that of other names. */
  public String isKey(List<String> names) {
    return "(%s) %s (%s)"
        .formatted(
            list(key(), Column::quoted), order.rows("=", keyColumns()), String.join(", ", names));
  }

  /** What rows are in the order of the key, as it follows ORDER BY. */
  public String inOrder() {
    return list(key(), column -> column.quoted() + range.order());
  }

  /** The first rows after one key, up to and including another, that match a filter. */
  public BoundSql items(
      @Nullable List<String> after, List<String> upTo, int limit, BoundSql filter) {
    var range = after(after);
    range.compare(this.range.upTo(), upTo);
    range.add("(" + filter.text() + "\n)", filter.parameters());
    return read(list(columns, Column::asText), range, "\n LIMIT ?" + suffix(lock), List.of(limit));
  }

  /**
   * The row with a key, if it matches a filter; two if the key is not unique.
   *
   * @param filter the filter, or null for none
   */
  public BoundSql only(List<String> key, @Nullable BoundSql filter) {
    var range = new Conditions();
    range.compare(">=", key);
    range.compare("<=", key);
    if (filter != null) {
      range.add("(" + filter.text() + "\n)", filter.parameters());
    }
    return read(list(columns, Column::asText), range, "\n LIMIT ?" + suffix(lock), List.of(2));
  }

  /**
   * Keys that part the rows of a table, those in the range, into equal parts, as far as blocks that
   * are taken at random show; each with the number of rows in them.
   *
   * @param percent of all blocks
   */
  public BoundSql parting(double percent, int parts) {
    var range = inRange();
    key().forEach(column -> range.add(column.quoted() + " IS NOT NULL", List.of()));
    return BoundSql.of(
        """
        SELECT %1$s, CAST(rows_of_sample AS text)
          FROM (SELECT %2$s,
                       row_number() OVER (ORDER BY %7$s) AS row_of_sample,
                       count(*) OVER () AS rows_of_sample
                  FROM %3$s TABLESAMPLE SYSTEM (%4$s)
                %5$s) AS sampled
         WHERE (row_of_sample - 1) * %6$d / rows_of_sample
               > (row_of_sample - 2) * %6$d / rows_of_sample
           AND row_of_sample > 1
         ORDER BY row_of_sample"""
            .formatted(
                list(key(), Column::asText),
                list(key(), Column::quoted),
                source.text(),
                String.format(Locale.ROOT, "%.8f", percent),
                range.where(),
                parts,
                list(key(), column -> column.quoted() + this.range.order())),
        concat(source.parameters(), range.parameters));
  }

  /**
   * The numbers, from 1, of those keys that come after one and before the last of the range, in the
   * order of the walk; of equal ones only one.
   *
   * @param keys in text form
   * @param after the one, or null for the beginning of the range
   */
  public BoundSql among(List<List<String>> keys, @Nullable List<String> after) {
    var given = order.values(keys, columns);
    var range = new Conditions();
    if (after != null) {
      range.compare(this.range.after(), after);
    } else {
      range.compare(this.range.onwards(), this.range.first());
    }
    range.compare(this.range.before(), this.range.last());
    return BoundSql.of(
        """
        SELECT nth
          FROM (SELECT DISTINCT ON (%1$s) "number of key" AS nth, %1$s
                  FROM %2$s
                %3$s
                 ORDER BY %1$s, "number of key") AS given
         ORDER BY %4$s"""
            .formatted(
                list(key(), Column::quoted),
                given.text(),
                range.where(),
                list(key(), column -> column.quoted() + this.range.order())),
        concat(given.parameters(), range.parameters));
  }

  private BoundSql paged(String selected, @Nullable List<String> after, int limit, String suffix) {
    var range = after(after);
    range.compare(this.range.upTo(), this.range.last());
    return read(selected, range, "\n LIMIT ?" + suffix(suffix), List.of(limit));
  }

  private Conditions after(@Nullable List<String> key) {
    var conditions = new Conditions();
    if (key == null) {
      conditions.compare(range.onwards(), range.first());
    } else {
      conditions.compare(range.after(), key);
    }
    return conditions;
  }

  private static String suffix(String lock) {
    return lock.isEmpty() ? "" : "\n" + lock;
  }

  private BoundSql read(String selected, Conditions range, String suffix, List<?> more) {
    return BoundSql.of(
        "SELECT %s\n  FROM %s\n%s ORDER BY %s%s"
            .formatted(selected, source.text(), range.where(), inOrder(), suffix),
        concat(concat(source.parameters(), range.parameters), more));
  }

  private String compared(String operator, List<Column> key, Function<Column, String> other) {
    return "(%s) %s (%s)"
        .formatted(list(key, Column::quoted), order.rows(operator, key.size()), list(key, other));
  }

  private String firstCompared(String operator) {
    var first = columns.get(0);
    return first.quoted() + " " + order.column(0, operator) + " " + first.parameter();
  }

  private static String list(List<Column> columns, Function<Column, String> form) {
    return columns.stream().map(form).collect(joining(", "));
  }

  /** What follows WHERE, with the values of its parameters. */
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
      add(compared(operator, columns.subList(0, key.size()), Column::parameter), key);
    }

    String where() {
      return texts.isEmpty() ? "" : " WHERE " + String.join("\n   AND ", texts) + "\n";
    }
  }
}
