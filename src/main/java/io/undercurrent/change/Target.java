package io.undercurrent.change;

import static java.util.stream.Collectors.joining;

import io.undercurrent.key.KeyAxis;
import io.undercurrent.key.PrimaryKey;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Incidental;
import io.undercurrent.page.KeysetPages;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The rows that are to be changed.
 *
 * @param table their table, as written in SQL
 * @param line where that stands in its file
 * @param key the columns of its key, or empty for its primary key
 * @param keyLine where that stands in its file
 * @param where which of them, or null for all
 * @param expect how many rows are changed for each item, or null if the file does not say
 */
record Target(
    String table,
    int line,
    List<String> key,
    @Incidental int keyLine,
    @Nullable Sql where,
    @Incidental @Nullable ChangedPerItem expect) {

  static final Key TABLE = Key.required("table", Shape.TEXT, "the table, as written in SQL");
  static final Key KEY =
      Key.optional("key", Shape.COLUMNS, "the key to walk along, if not its primary key");

  /** Reads what both kinds have; empty if there is a problem. */
  static Optional<Target> read(Section keys, Section update) {
    var table = keys.value("table");
    var key = keys.value("key");
    var where = keys.value("where").flatMap(Value::sql).map(Target::bare);
    var expect = ChangedPerItem.read(update);
    var columns = key.map(Value::columns).orElse(List.of());
    return table
        .flatMap(Value::text)
        .map(
            name ->
                new Target(
                    name,
                    table.get().line(),
                    columns,
                    key.or(() -> table).get().line(),
                    where.orElse(null),
                    expect.orElse(null)));
  }

  /** SQL that becomes part of a statement. */
  static Sql bare(Sql sql) {
    return new Sql(sql.text().replaceFirst("[;\\s]+$", ""), sql.line());
  }

  /** SQL as an operand of whatever stands around it; a comment may be its end. */
  static String operand(Sql sql) {
    return "(" + sql.text() + (sql.text().contains("--") ? "\n)" : ")");
  }

  /**
   * Looks it up.
   *
   * @throws io.undercurrent.database.RefusedException if it is no table
   */
  TableShape shape(JdbcTemplate jdbc) {
    return TableShape.of(jdbc, table).requireTable("whose rows to change");
  }

  /**
   * The columns of the key.
   *
   * @throws io.undercurrent.database.RefusedException if the file names none, and there is no
   *     primary key
   */
  List<String> key(JdbcTemplate jdbc, TableShape shape) {
    var found = key.isEmpty() ? shape.primaryKey() : key;
    return found.isEmpty() ? PrimaryKey.of(jdbc, table) : found;
  }

  /** What is read of it. */
  Read.Table read(List<String> key, @Nullable Sql filter) {
    return new Read.Table(table, key, filter);
  }

  /** A column of it, whatever other tables there are in the statement. */
  String column(String name) {
    return table + "." + Column.quoted(name);
  }

  /** The chunk's keys, under names that no expression of the file means. */
  static String chunk(List<String> key) {
    return IntStream.range(0, key.size())
        .mapToObj(i -> Column.quoted(key.get(i)) + " AS in_chunk_" + (i + 1))
        .collect(joining(", ", "(SELECT ", " FROM chunk) AS in_chunk"));
  }

  /** The condition that a row is one of the chunk's. */
  String isInChunk(TableShape shape, List<String> key) {
    return IntStream.range(0, key.size())
        .mapToObj(
            i ->
                "%s %s in_chunk_%d"
                    .formatted(column(key.get(i)), shape.column(key.get(i)).equality(), i + 1))
        .collect(joining(" AND "));
  }

  /** Conditions that are asked of the chunk's rows only: what fails on another row is no matter. */
  static String onlyThere(List<String> conditions) {
    return conditions.isEmpty()
        ? ""
        : "\n   AND CASE WHEN in_chunk_1 IS NOT NULL\n            THEN %s END"
            .formatted(String.join("\n             AND ", conditions));
  }

  /** The condition of the file, which is asked again where the row is changed. */
  List<String> stillMatches() {
    return where == null ? List.of() : List.of(operand(where));
  }

  /** What is wrong with the table and its key; empty if something is. */
  Optional<TableShape> check(CheckContext check) {
    return check
        .attemptOn(line, table, () -> shape(check.jdbc()))
        .filter(shape -> hasSoundKey(shape, check));
  }

  private boolean hasSoundKey(TableShape shape, CheckContext check) {
    return check
        .attemptOn(
            keyLine,
            table,
            () -> {
              key.forEach(shape::column);
              var read = read(key(check.jdbc(), shape), null);
              return KeysetPages.of(check.jdbc(), read, check.values());
            })
        .isPresent();
  }

  KeyAxis axis(JdbcClient jdbc) {
    return new KeyAxis(jdbc, table, key.isEmpty() ? null : key.get(0));
  }

  void describe(Description description, Function<Sql, String> shortened) {
    description
        .fact("table", table + (key.isEmpty() ? "" : " by (" + String.join(", ", key) + ")"))
        .field("table", table)
        .field("key", key)
        .field("where", where == null ? null : where.text())
        .field("changed_per_item", expect == null ? null : expect.range());
    if (where != null) {
      description.fact("where", shortened.apply(where));
    }
  }
}
