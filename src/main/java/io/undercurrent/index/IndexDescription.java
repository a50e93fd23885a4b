package io.undercurrent.index;

import static java.util.stream.Collectors.joining;

import io.undercurrent.kind.Description;
import io.undercurrent.sql.Sql;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code show} says about an index that is to be built. */
record IndexDescription(CreateIndex index) {

  Description describe(Function<Sql, String> shortened) {
    return Description.of("create-index", "one-shot: an index, built concurrently")
        .fact("builds", text(shortened))
        .field("index", fields());
  }

  private String text(Function<Sql, String> shortened) {
    return "%s%s on %s (%s)%s%s%s%s%s"
        .formatted(
            index.unique() ? "unique " : "",
            index.name(),
            index.table(),
            index.parts().stream()
                .map(part -> part.words(what(part, shortened)))
                .collect(joining(", ")),
            index.using() == null ? "" : ", using " + index.using(),
            index.include().isEmpty() ? "" : ", including " + String.join(", ", index.include()),
            index.with().isEmpty() ? "" : ", with " + parameters(),
            index.where() == null ? "" : ", where " + shortened.apply(index.where()),
            index.replaces() == null ? "" : ", replaces " + index.replaces());
  }

  private static String what(IndexPart part, Function<Sql, String> shortened) {
    return part.expression() == null
        ? String.valueOf(part.column())
        : shortened.apply(part.expression());
  }

  private String parameters() {
    return index.with().entrySet().stream().map(Object::toString).collect(joining(", "));
  }

  private Map<String, @Nullable Object> fields() {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("table", index.table());
    fields.put("name", index.name());
    fields.put("columns", columns());
    fields.put("expression", expression());
    fields.put("where", index.where() == null ? null : index.where().text());
    fields.put("unique", index.unique());
    fields.put("using", index.using());
    fields.put("include", index.include());
    fields.put("replaces", index.replaces());
    return fields;
  }

  /** Expressions are among them in parentheses, unless it is just one. */
  private @Nullable List<String> columns() {
    return expression() == null
        ? index.parts().stream().map(part -> what(part, sql -> "(" + sql.text() + ")")).toList()
        : null;
  }

  private @Nullable String expression() {
    var first = index.parts().get(0);
    return index.parts().size() == 1 && first.isPlainExpression() ? what(first, Sql::text) : null;
  }
}
