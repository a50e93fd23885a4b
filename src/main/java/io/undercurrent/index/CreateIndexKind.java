package io.undercurrent.index;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape.Key;
import java.util.List;
import java.util.Optional;

/** Updates that build an index, concurrently. */
public final class CreateIndexKind implements UpdateKind {

  private static final String KEY = "create-index";

  @Override
  public List<Key> keys() {
    return List.of(Key.required(KEY, IndexParser.SHAPE, "an index, built concurrently"));
  }

  @Override
  public String example() {
    return """
        - name: members_domain
          create-index:
            table: members
            name: members_domain
            columns: [domain, {expression: lower(name)}]
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    for (var key : List.of("lock-timeout", "statement-timeout")) {
      if (update.has(key)) {
        update.problemAt(
            key,
            "'%s' does not go with 'create-index': it would cancel the build and leave an INVALID index",
            key);
      }
    }
    if (update.has("row-security")) {
      update.problemAt(
          "row-security", "'row-security' does not go with 'create-index', which indexes all rows");
    }
    return update.value(KEY).flatMap(IndexParser::parse).map(Work.class::cast);
  }
}
