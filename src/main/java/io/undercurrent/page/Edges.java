package io.undercurrent.page;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Asks for the values at which a walk begins and ends, once for each run.
 *
 * @param from queries for those of the key's leading columns at which it begins; may be empty
 * @param to likewise, at which it ends
 */
public record Edges(List<Edge> from, List<Edge> to) {

  static final Edges NONE = new Edges(List.of(), List.of());

  /**
   * Those of a job file.
   *
   * @throws RefusedException if there are more values than columns of the key
   */
  static Edges of(Walk walk, List<Column> key, Map<String, Object> values) {
    return new Edges(edges("from", walk.from(), key, values), edges("to", walk.to(), key, values));
  }

  private static List<Edge> edges(
      String name, List<Sql> expressions, List<Column> key, Map<String, Object> values) {
    if (expressions.size() > key.size()) {
      throw new RefusedException(
          "expected '%s' to have a value for each column of the key (%s), or for the first of them, found %d"
              .formatted(
                  name, key.stream().map(Column::name).collect(joining(", ")), expressions.size()));
    }
    var edges = new ArrayList<Edge>();
    for (int i = 0; i < expressions.size(); i++) {
      edges.add(Edge.of(name, expressions.get(i), key.get(i), values));
    }
    return edges;
  }

  public boolean isEmpty() {
    return from.isEmpty() && to.isEmpty();
  }

  public Stream<Edge> all() {
    return Stream.concat(from.stream(), to.stream());
  }

  /** The values at which it begins, or null for any. */
  @Nullable List<String> begin(JdbcTemplate jdbc) {
    return values(jdbc, from);
  }

  /** The values at which it ends, or null for any. */
  @Nullable List<String> end(JdbcTemplate jdbc) {
    return values(jdbc, to);
  }

  private static @Nullable List<String> values(JdbcTemplate jdbc, List<Edge> edges) {
    return edges.isEmpty() ? null : edges.stream().map(edge -> edge.value(jdbc)).toList();
  }

  /**
   * One value, as a value of a column of the key.
   *
   * @param line where it stands in the job file
   * @param name its key in the job file
   * @param query asks for it
   */
  public record Edge(int line, String name, BoundSql query) {

    static Edge of(String name, Sql expression, Column column, Map<String, Object> values) {
      var value = BoundSql.of(SqlTemplate.parse(expression.text(), values), values);
      var text =
          "SELECT CAST(CAST(value AS %s) AS text), %s FROM (SELECT (%s\n) AS value) AS asked"
              .formatted(
                  column.type(),
                  column.isInteger() ? "CAST(value AS numeric) % 1 <> 0" : "false",
                  value.text());
      return new Edge(expression.line(), name, BoundSql.of(text, value.parameters()));
    }

    private String value(JdbcTemplate jdbc) {
      var found =
          query.query(jdbc, (row, number) -> new Value(row.getString(1), row.getBoolean(2))).get(0);
      if (found.rounded) {
        throw new RefusedException(
            "expected an integer in '%s', since the key is one, found a fraction that would be rounded to %s"
                .formatted(name, found.text));
      }
      var value = found.text;
      if (value == null) {
        throw new RefusedException(
            "expected a value in '%s', found NULL. Give it another one where there is none, with coalesce"
                .formatted(name));
      }
      return value;
    }
  }

  private record Value(@Nullable String text, boolean rounded) {}
}
