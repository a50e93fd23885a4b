package io.undercurrent.change;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.sql.Sql;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Updates that give columns of a table's rows other values. */
public final class UpdateRowsKind implements UpdateKind {

  private static final Shape.Mapping SHAPE =
      Shape.mapping(
          Target.TABLE,
          Target.KEY,
          Key.required(
              "set", new Shape.Named(Shape.SQL), "columns, each with the expression that it gets"),
          Key.optional("from", Shape.SQL, "other tables that the expressions see"),
          Key.optional("where", Shape.SQL, "which rows; all of them without it"));

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required("update", SHAPE, "sets columns of a table's rows, in chunks"),
        ChangedPerItem.KEY);
  }

  @Override
  public String example() {
    return """
        - name: runner_semver
          update:
            table: runners
            set: {semver: "substring(version FROM 'v?([0-9.]+)')"}
            where: semver IS NULL
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    return update
        .required("update")
        .flatMap(value -> value.section(SHAPE))
        .flatMap(keys -> read(keys, update));
  }

  private static Optional<Work> read(Section keys, Section update) {
    var set = keys.value("set").map(UpdateRowsKind::set).orElse(Map.of());
    var from = keys.value("from").flatMap(Value::sql).map(Target::bare);
    if (keys.has("from") && !keys.has("where")) {
      keys.problemAt(
          "from",
          "'from' goes with 'where', which says what row of it belongs to which of 'table'");
    }
    var target = Target.read(keys, update);
    return set.isEmpty()
        ? Optional.empty()
        : target.map(rows -> new UpdateRows(rows, set, from.orElse(null)));
  }

  /** In the order of the file. */
  private static Map<String, Sql> set(Value value) {
    var set = new LinkedHashMap<String, Sql>();
    for (var columns : value.section().stream().toList()) {
      if (columns.values().isEmpty()) {
        value.problem("expected at least one column, found none");
      }
      columns
          .values()
          .forEach(
              (column, each) ->
                  each.expression().ifPresent(sql -> set.put(column, Target.bare(sql))));
    }
    return set;
  }
}
