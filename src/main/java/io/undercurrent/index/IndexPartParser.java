package io.undercurrent.index;

import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the columns of an index, each of which may say how it is indexed. */
final class IndexPartParser {

  private static final Shape.Mapping COLUMN =
      ordered(Key.required("column", Shape.TEXT, "the column"));

  private static final Shape.Mapping EXPRESSION =
      ordered(Key.required("expression", Shape.SQL, "an expression in place of a column"));

  static final Shape SHAPE = Shape.either(Shape.TEXT, COLUMN, EXPRESSION);

  private IndexPartParser() {}

  private static Shape.Mapping ordered(Key what) {
    return Shape.mapping(
        what,
        Key.optional("collation", Shape.TEXT, "its collation in the index: C"),
        Key.optional("operator-class", Shape.TEXT, "its operator class: extensions.gin_trgm_ops"),
        Key.optional("order", Shape.oneOf("asc", "desc"), "its direction"),
        Key.optional("nulls", Shape.oneOf("first", "last"), "where NULLs are"));
  }

  static List<IndexPart> parts(Value value) {
    var parts = value.oneOrMore().stream().flatMap(item -> part(item).stream()).toList();
    value.refuseRepeated(parts.stream().flatMap(part -> Stream.ofNullable(part.column())).toList());
    return parts;
  }

  private static Optional<IndexPart> part(Value value) {
    return value.isMapping()
        ? value
            .section(Stream.concat(Stream.of("expression"), COLUMN.names().stream()).toList())
            .flatMap(IndexPartParser::part)
        : value.text().map(IndexPart::ofColumn);
  }

  private static Optional<IndexPart> part(Section part) {
    if (part.has("column") && part.has("expression")) {
      part.problemAt("expression", "'expression' and 'column' exclude each other");
    } else if (!part.has("column") && !part.has("expression")) {
      part.problem("missing key 'column' or 'expression'");
    }
    var column = part.value("column").flatMap(Value::text).orElse(null);
    var expression = part.value("expression").flatMap(Value::sql).orElse(null);
    var collation = part.value("collation").flatMap(IndexPartParser::qualified).orElse(null);
    var operatorClass =
        part.value("operator-class").flatMap(IndexPartParser::qualified).orElse(null);
    var order = part.value("order").flatMap(value -> value.oneOf("asc", "desc")).orElse(null);
    var nulls = part.value("nulls").flatMap(value -> value.oneOf("first", "last")).orElse(null);
    return column == null && expression == null
        ? Optional.empty()
        : Optional.of(new IndexPart(column, expression, collation, operatorClass, order, nulls));
  }

  private static Optional<QualifiedName> qualified(Value value) {
    var written = value.text();
    var name = written.flatMap(QualifiedName::parse);
    if (written.isPresent() && name.isEmpty()) {
      value.problem(
          "expected a name, or a schema and a name such as extensions.gin_trgm_ops, found '%s'. Put a name that contains a dot into double quotes, as in SQL",
          written.get());
    }
    return name;
  }
}
