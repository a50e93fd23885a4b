package io.undercurrent.change;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.RefusedException;
import io.undercurrent.key.KeyAxis;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Part;
import io.undercurrent.rows.ChunkedWork;
import io.undercurrent.rows.RangeChange;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.TableNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Columns of a table's rows get other values.
 *
 * @param rows the rows
 * @param set columns, as in the catalogue, each with an SQL expression
 * @param from what else the expressions see, as SQL writes it after FROM, or null
 */
record UpdateRows(@Part("") Target rows, Map<String, Sql> set, @Nullable Sql from)
    implements ChunkedWork {

  /** Each row is changed by one of the source: which of several it would be is up to chance. */
  private static final String ONE_OF_SOURCE =
      """

         AND NOT EXISTS (
           SELECT
             FROM matched_by_several
            WHERE CAST(format('expected one row of ''from'' for each row, found %s', matches)
                       AS boolean))""";

  @Override
  public Description describe(Function<Sql, String> shortened) {
    var description = Description.of("update", "update of a table's rows, in chunks");
    rows.describe(description, shortened);
    var texts = new LinkedHashMap<String, String>();
    set.forEach((column, value) -> texts.put(column, value.text()));
    description
        .fact("set", set(each -> each.getKey() + " = " + shortened.apply(each.getValue()), "\n"))
        .field("set", texts)
        .field("from", from == null ? null : from.text());
    if (from != null) {
      description.fact("from", shortened.apply(from));
    }
    return description;
  }

  @Override
  public ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    var shape = rows.shape(jdbc);
    var key = rows.key(jdbc, shape);
    set.keySet().forEach(column -> requireSettable(column, shape, key));
    return new ReadWrite(
        rows.read(key, filter()),
        null,
        new Write.Statements(List.of(new Sql(statement(shape, key), rows.line()))),
        rows.expect());
  }

  @Override
  public Optional<RangeChange> byRange(JdbcTemplate jdbc) {
    return from == null
        ? Optional.of(
            new RangeChange(
                "UPDATE %s\n   SET %s".formatted(rows.table(), assigned()),
                differs(rows.shape(jdbc))))
        : Optional.empty();
  }

  private String assigned() {
    return set(
        each -> Column.quoted(each.getKey()) + " = " + Target.operand(each.getValue()),
        ",\n       ");
  }

  private static void requireSettable(String name, TableShape shape, List<String> key) {
    var column = shape.column(name);
    if (key.contains(name)) {
      throw new RefusedException(
          "expected the key (%s) of table %s to stay as it is, found '%s' in 'set': rows whose key changes would be read again, or skipped. Name another unique key with 'key', one that stays"
              .formatted(String.join(", ", key), shape.name(), name));
    }
    if (column.generated() || column.always()) {
      throw new RefusedException(
          "expected a column that can be set, found '%s' of table %s, which is %s"
              .formatted(
                  name,
                  shape.name(),
                  column.generated()
                      ? "generated from others; set those"
                      : "GENERATED ALWAYS AS IDENTITY"));
    }
  }

  /** Which rows are items. */
  private @Nullable Sql filter() {
    var where = rows.where();
    return where == null || from == null
        ? where
        : new Sql(
            "EXISTS (SELECT FROM %s\nWHERE %s)".formatted(from.text(), Target.operand(where)),
            where.line());
  }

  private String statement(TableShape shape, List<String> key) {
    var tied = rows.isInChunk(shape, key);
    var set = assigned();
    var differs = differs(shape);
    if (from == null) {
      var conditions = Stream.concat(rows.stillMatches().stream(), Stream.of(differs)).toList();
      return "UPDATE %s\n   SET %s\n  FROM %s\n WHERE %s%s"
          .formatted(rows.table(), set, Target.chunk(key), tied, Target.onlyThere(conditions));
    }
    // What joins the source stands free: the planner looks its rows up by it.
    var matching = tied + "\n   AND " + String.join("", rows.stillMatches());
    return several(key, matching)
        + "UPDATE %s\n   SET %s\n  FROM %s, %s\n WHERE %s%s%s"
            .formatted(
                rows.table(),
                set,
                Target.chunk(key),
                from.text(),
                matching,
                Target.onlyThere(List.of(differs)),
                ONE_OF_SOURCE);
  }

  private String several(List<String> key, String matching) {
    return """
        WITH matched_by_several AS MATERIALIZED (
        SELECT count(*) AS matches
          FROM %s, %s, %s
         WHERE %s
         GROUP BY %s
        HAVING count(*) > 1
        )
        """
        .formatted(
            rows.table(),
            Target.chunk(key),
            from == null ? "" : from.text(),
            matching,
            key.stream().map(rows::column).collect(joining(", ")));
  }

  /**
   * Leaves rows out that have the values already, byte by byte: equal values may differ, such as
   * 1.0 and 1.00, and some types have no equality. Rows of such cost more to compare.
   */
  private String differs(TableShape shape) {
    var same = set.keySet().stream().map(column -> shape.column(column).same()).toList();
    if (same.stream().allMatch(Objects::nonNull)) {
      return "(" + set(each -> differs(each, shape.column(each.getKey())), " OR ") + ")";
    }
    return "CAST(ROW(%s) AS record)\n             *<> CAST(ROW(%s) AS record)"
        .formatted(
            compared(shape, each -> rows.column(each.getKey())),
            compared(shape, each -> Target.operand(each.getValue())));
  }

  private String differs(Entry<String, Sql> each, TableColumn column) {
    var form = "CAST(%s AS " + column.compared() + ")" + column.same();
    return "%s IS DISTINCT FROM %s"
        .formatted(
            form.formatted(rows.column(each.getKey())),
            form.formatted(Target.operand(each.getValue())));
  }

  private String compared(TableShape shape, Function<Entry<String, Sql>, String> side) {
    return set(
        each ->
            "CAST(%s AS %s)".formatted(side.apply(each), shape.column(each.getKey()).compared()),
        ", ");
  }

  private String set(Function<Entry<String, Sql>, String> form, String separator) {
    return set.entrySet().stream().map(form).collect(joining(separator));
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(jdbc, List.of(rows.table()));
  }

  @Override
  public void check(CheckContext check) {
    rows.check(check).ifPresent(shape -> checkParts(shape, check));
    if (check.isSound()) {
      ChunkedWork.super.check(check);
    }
  }

  private void checkParts(TableShape shape, CheckContext check) {
    var table = rows.table();
    var key = rows.key(check.jdbc(), shape);
    set.forEach(
        (column, value) ->
            check.attemptOn(
                value.line(),
                table,
                () -> {
                  requireSettable(column, shape, key);
                  return column;
                }));
    if (from != null && check.isSound()) {
      explain(check, from.line(), "SELECT FROM " + from.text());
      if (rows.where() != null && check.isSound()) {
        explain(
            check,
            rows.where().line(),
            "SELECT FROM %s, %s\nWHERE %s"
                .formatted(table, from.text(), Target.operand(rows.where())));
      }
    }
    set.forEach(
        (column, value) -> {
          if (check.isSound()) {
            explain(check, value.line(), assigning(column, value));
          }
        });
  }

  private String assigning(String column, Sql value) {
    return "UPDATE %s SET %s = %s%s\nWHERE false"
        .formatted(
            rows.table(),
            Column.quoted(column),
            Target.operand(value),
            from == null ? "" : " FROM " + from.text());
  }

  private static void explain(CheckContext check, int line, String sql) {
    check.attempt(
        line,
        () -> {
          var statement = BoundSql.of(sql, check.values());
          statement.explain(check.jdbc());
          return statement;
        });
  }

  @Override
  public List<String> key() {
    return rows.key();
  }

  @Override
  public Optional<KeyAxis> axis(JdbcClient jdbc) {
    return Optional.of(rows.axis(jdbc));
  }
}
