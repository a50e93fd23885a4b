package io.undercurrent.change;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.undercurrent.database.RefusedException;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.rows.ChunkedWork;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.KeyAxis;
import io.undercurrent.sql.Sql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Columns of a table's rows get other values.
 *
 * @param target the rows
 * @param set which columns, and their values
 * @param from what else the expressions see, as SQL writes it after FROM, or null
 */
record UpdateRows(Target target, List<Assignment> set, @Nullable Sql from) implements ChunkedWork {

  /**
   * A column with its new value.
   *
   * @param column as in the catalogue
   * @param value an SQL expression
   */
  record Assignment(String column, Sql value) {}

  /** Each row is changed by one of the source: which of several it would be is up to chance. */
  private static final String ONE_OF_SOURCE =
      """

         AND NOT EXISTS (
           SELECT
             FROM several
            WHERE CAST(format('expected one row of ''from'' for each row, found %s', matches)
                       AS boolean))""";

  @Override
  public Description describe(Function<Sql, String> shortened) {
    var description = Description.of("update", "update of a table's rows, in chunks");
    target.describe(description, shortened);
    description
        .fact(
            "set",
            set.stream()
                .map(each -> each.column + " = " + shortened.apply(each.value))
                .collect(joining("\n")))
        .field(
            "set",
            set.stream()
                .collect(
                    toMap(
                        Assignment::column,
                        each -> each.value.text(),
                        (one, other) -> one,
                        LinkedHashMap::new)))
        .field("from", from == null ? null : from.text());
    if (from != null) {
      description.fact("from", shortened.apply(from));
    }
    return description;
  }

  @Override
  public ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    var shape = target.shape(jdbc);
    var key = target.key(jdbc, shape);
    set.forEach(each -> requireSettable(each, shape, key));
    return new ReadWrite(
        target.read(key, filter()),
        null,
        new Write.Statements(List.of(new Sql(statement(shape, key), target.table().line()))),
        target.expect());
  }

  private void requireSettable(Assignment each, TableShape shape, List<String> key) {
    var column = shape.column(each.column);
    if (key.contains(each.column)) {
      throw new RefusedException(
          "expected the key (%s) of table %s to stay as it is, found '%s' in 'set': rows whose key changes would be read again, or skipped. Name another unique key with 'key', one that stays"
              .formatted(String.join(", ", key), shape.name(), each.column));
    }
    if (column.generated() || column.always()) {
      throw new RefusedException(
          "expected a column that can be set, found '%s' of table %s, which is %s"
              .formatted(
                  each.column,
                  shape.name(),
                  column.generated()
                      ? "generated from others; set those"
                      : "GENERATED ALWAYS AS IDENTITY"));
    }
  }

  /** Which rows are items. */
  private @Nullable Sql filter() {
    var where = target.where();
    return where == null || from == null
        ? where
        : new Sql(
            "EXISTS (SELECT FROM %s WHERE %s)".formatted(from.text(), Target.operand(where)),
            where.line());
  }

  private String statement(TableShape shape, List<String> key) {
    var tied = target.isInChunk(shape, key);
    var set =
        this.set.stream()
            .map(each -> Column.quoted(each.column) + " = " + Target.operand(each.value))
            .collect(joining(",\n       "));
    var differs = differs(shape);
    if (from == null) {
      var conditions = Stream.concat(target.stillMatches().stream(), Stream.of(differs)).toList();
      return "UPDATE %s\n   SET %s\n  FROM %s\n WHERE %s%s"
          .formatted(
              target.table().text(), set, Target.chunk(key), tied, Target.onlyThere(conditions));
    }
    // What joins the source stands free: the planner looks its rows up by it.
    var matching = tied + "\n   AND " + String.join("", target.stillMatches());
    return several(key, matching)
        + "UPDATE %s\n   SET %s\n  FROM %s, %s\n WHERE %s%s%s"
            .formatted(
                target.table().text(),
                set,
                Target.chunk(key),
                from.text(),
                matching,
                Target.onlyThere(List.of(differs)),
                ONE_OF_SOURCE);
  }

  private String several(List<String> key, String matching) {
    return """
        WITH several AS (
        SELECT count(*) AS matches
          FROM %s, %s, %s
         WHERE %s
         GROUP BY %s
        HAVING count(*) > 1
        )
        """
        .formatted(
            target.table().text(),
            Target.chunk(key),
            from == null ? "" : from.text(),
            matching,
            key.stream().map(target::column).collect(joining(", ")));
  }

  /**
   * Leaves rows out that have the values already, byte by byte: equal values may differ, such as
   * 1.0 and 1.00, and some types have no equality.
   */
  private String differs(TableShape shape) {
    return "CAST(ROW(%s) AS record)\n             *<> CAST(ROW(%s) AS record)"
        .formatted(
            compared(shape, each -> target.column(each.column)),
            compared(shape, each -> Target.operand(each.value)));
  }

  private String compared(TableShape shape, Function<Assignment, String> side) {
    return set.stream()
        .map(
            each ->
                "CAST(%s AS %s)".formatted(side.apply(each), shape.column(each.column).compared()))
        .collect(joining(", "));
  }

  @Override
  public void check(CheckContext check) {
    target.check(check).ifPresent(shape -> checkParts(shape, check));
    if (check.isSound()) {
      ChunkedWork.super.check(check);
    }
  }

  private void checkParts(TableShape shape, CheckContext check) {
    var table = target.table().text();
    var key = target.key(check.jdbc(), shape);
    for (var each : set) {
      check.attemptOn(
          each.value.line(),
          table,
          () -> {
            requireSettable(each, shape, key);
            return each;
          });
    }
    if (from != null && check.isSound()) {
      explain(check, from.line(), "SELECT FROM " + from.text());
      if (target.where() != null && check.isSound()) {
        explain(
            check,
            target.where().line(),
            "SELECT FROM %s, %s WHERE %s"
                .formatted(table, from.text(), Target.operand(target.where())));
      }
    }
    for (var each : set) {
      if (check.isSound()) {
        explain(
            check,
            each.value.line(),
            "UPDATE %s SET %s = %s%s WHERE false"
                .formatted(
                    table,
                    Column.quoted(each.column),
                    Target.operand(each.value),
                    from == null ? "" : " FROM " + from.text()));
      }
    }
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
    return target.key();
  }

  @Override
  public Optional<KeyAxis> axis(JdbcClient jdbc) {
    return Optional.of(target.axis(jdbc));
  }
}
