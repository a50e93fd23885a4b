package io.undercurrent.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what an update says about the index that it builds. */
final class IndexParser {

  static final Shape.Mapping SHAPE =
      Shape.mapping(
          Key.required("table", Shape.TEXT, "the table, as written in SQL"),
          Key.required("name", Shape.TEXT, "the index"),
          Key.optional("columns", new Shape.OneOrMore(IndexPartParser.SHAPE), "what it indexes"),
          Key.optional("expression", Shape.SQL, "what it indexes, in place of columns"),
          Key.optional("where", Shape.SQL, "which rows it has"),
          Key.optional("unique", Shape.FLAG, "whether no two rows may be equal in it"),
          Key.optional("using", Shape.TEXT, "its access method"),
          Key.optional("include", Shape.COLUMNS, "columns that it only carries"),
          Key.optional("with", new Shape.Named(Shape.TEXT), "its storage parameters"),
          Key.optional("replaces", Shape.TEXT, "an index to drop once this one is valid"));

  // What the server keeps of a name; it cuts the rest off with no more than a notice.
  private static final int LONGEST_IDENTIFIER = 63;

  private final Section section;

  private IndexParser(Section section) {
    this.section = section;
  }

  static Optional<CreateIndex> parse(Value value) {
    return value.section(SHAPE.names()).flatMap(section -> new IndexParser(section).index());
  }

  private Optional<CreateIndex> index() {
    var table = section.required("table").flatMap(Value::text);
    var name = section.required("name").flatMap(IndexParser::identifier);
    var parts = parts();
    var where = section.value("where").flatMap(Value::sql).orElse(null);
    var unique = section.value("unique").flatMap(Value::flag).orElse(false);
    var using = section.value("using").flatMap(Value::text).orElse(null);
    var include = section.value("include").map(Value::columns).orElse(List.of());
    var with = section.value("with").map(IndexParser::parameters).orElse(Map.of());
    var replaces = section.value("replaces").flatMap(IndexParser::identifier);
    if (replaces.isPresent() && replaces.equals(name)) {
      section.problemAt("replaces", "'replaces': expected another index than the one to build");
    }
    if (table.isEmpty() || name.isEmpty() || parts.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CreateIndex(
            table.get(),
            name.get(),
            parts,
            where,
            unique,
            using,
            include,
            with,
            replaces.orElse(null),
            section.line()));
  }

  private List<IndexPart> parts() {
    if (section.has("columns") && section.has("expression")) {
      section.problemAt("expression", "'expression' and 'columns' exclude each other");
    } else if (!section.has("columns") && !section.has("expression")) {
      section.problem("missing key 'columns' or 'expression'");
    }
    var columns = section.value("columns").map(IndexPartParser::parts);
    var expression = section.value("expression").flatMap(Value::sql);
    return columns.orElseGet(() -> expression.map(IndexPart::ofExpression).stream().toList());
  }

  private static Map<String, String> parameters(Value value) {
    var parameters = new TreeMap<String, String>();
    value
        .section()
        .ifPresent(
            section ->
                section
                    .values()
                    .forEach(
                        (key, parameter) ->
                            parameter.text().ifPresent(text -> parameters.put(key, text))));
    return parameters;
  }

  private static Optional<String> identifier(Value value) {
    var name = value.text();
    name.ifPresent(text -> refuseBadIdentifier(value, text));
    return name;
  }

  private static void refuseBadIdentifier(Value value, String name) {
    var length = name.getBytes(UTF_8).length;
    if (length > LONGEST_IDENTIFIER) {
      value.problem("expected at most %d bytes, found %d", LONGEST_IDENTIFIER, length);
    }
    if (name.contains(".")) {
      value.problem(
          "expected a name without a schema, found '%s'; an index is in its table's schema", name);
    }
  }
}
