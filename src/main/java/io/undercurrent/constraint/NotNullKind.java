package io.undercurrent.constraint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;

/** Updates that make columns NOT NULL. */
public final class NotNullKind implements UpdateKind {

  private static final String KEY = "not-null";

  // What the server keeps of a name.
  private static final int LONGEST_IDENTIFIER = 63;

  private static final Shape.Mapping SHAPE =
      Shape.mapping(
          Key.required("table", Shape.TEXT, "the table, as written in SQL"),
          Key.required("column", Shape.COLUMNS, "the column, or several"));

  @Override
  public List<Key> keys() {
    return List.of(Key.required(KEY, SHAPE, "makes columns NOT NULL, without long locks"));
  }

  @Override
  public String example() {
    return """
        - name: realm_not_null
          not-null: {table: message, column: realm_id}
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    refuseOthersKeys(update, KEY);
    return update.value(KEY).flatMap(value -> value.section(SHAPE)).flatMap(NotNullKind::work);
  }

  private static Optional<Work> work(Section section) {
    var table = section.value("table").flatMap(Value::text);
    var columns = section.value("column").map(Value::columns).orElse(List.of());
    return columns.isEmpty()
        ? Optional.empty()
        : table.map(of -> new NotNull(of, columns, section.line()));
  }

  /** What would cut a validation, or hide rows from it. */
  static void refuseOthersKeys(Section update, String kind) {
    if (update.has("statement-timeout")) {
      update.problemAt(
          "statement-timeout",
          "'statement-timeout' does not go with '%s': it would cut the validation, of which nothing is kept",
          kind);
    }
    if (update.has("row-security")) {
      update.problemAt(
          "row-security", "'row-security' does not go with '%s', which is about all rows", kind);
    }
  }

  static void refuseLongName(Section section, String key, String name) {
    var length = name.getBytes(UTF_8).length;
    if (length > LONGEST_IDENTIFIER) {
      section.problemAt(
          key, "'%s': expected at most %d bytes, found %d", key, LONGEST_IDENTIFIER, length);
    }
  }
}
