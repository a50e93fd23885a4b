package io.undercurrent.convert;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Updates that give a column another type while its table is in use. */
public final class ConvertColumnKind implements UpdateKind {

  private static final String KEY = "convert-column";
  private static final String AUTO = "auto";
  private static final String[] SWAPS = {"manual", AUTO};

  private static final Shape.Mapping SHAPE =
      Shape.mapping(
          Key.required("table", Shape.TEXT, "the table, as written in SQL"),
          Key.required("column", Shape.TEXT, "the column"),
          Key.required("to", Shape.TEXT, "its new type"),
          Key.optional("using", Shape.SQL, "the new value, where no cast by itself makes it"),
          Key.optional("key", Shape.COLUMNS, "what orders the rows, in place of the primary key"),
          Key.optional(
              "swap",
              Shape.oneOf(SWAPS),
              "whether the new column takes its place at the verb swap (manual, the default) or as soon as it can (auto)"));

  private static final Map<String, String> UNFIT =
      Map.of(
          "on-error",
          "'on-error' does not go with 'convert-column': rows that were put aside would have no value after the swap",
          "row-security",
          "'row-security' does not go with 'convert-column', which converts all rows");

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required(KEY, SHAPE, "gives a column another type while its table is in use"));
  }

  @Override
  public String example() {
    return """
        - name: builds_bigint
          convert-column: {table: builds, column: id, to: bigint, swap: manual}
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    UNFIT.forEach(
        (key, problem) -> {
          if (update.has(key)) {
            update.problemAt(key, problem);
          }
        });
    return update
        .value(KEY)
        .flatMap(value -> value.section(SHAPE))
        .flatMap(ConvertColumnKind::conversion);
  }

  private static Optional<Work> conversion(Section section) {
    var table = section.value("table").flatMap(Value::text);
    var column = section.value("column").flatMap(Value::text);
    var to = section.value("to").flatMap(Value::text);
    var using = section.value("using").flatMap(Value::sql).orElse(null);
    var key = section.value("key").map(Value::columns).orElse(List.of());
    var swap = section.value("swap").flatMap(value -> value.oneOf(SWAPS)).orElse(SWAPS[0]);
    if (table.isEmpty() || column.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ConvertColumn(
            table.get(), column.get(), to.get(), using, key, swap.equals(AUTO), section.line()));
  }
}
