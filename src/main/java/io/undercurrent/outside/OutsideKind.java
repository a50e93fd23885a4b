package io.undercurrent.outside;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import java.util.List;
import java.util.Optional;

/** Updates that run statements outside of all transactions. */
public final class OutsideKind implements UpdateKind {

  private static final String KEY = "outside-transaction";

  @Override
  public List<Key> keys() {
    return List.of(
        Key.required(KEY, Shape.STATEMENTS, "statements that run one by one, in no transaction"));
  }

  @Override
  public String example() {
    return """
        - name: tidy
          outside-transaction:
            - VACUUM (ANALYZE) tokens
            - REINDEX INDEX CONCURRENTLY tokens_pkey
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    if (update.has("row-security")) {
      update.problemAt(
          "row-security",
          "'row-security' does not go with '%s', whose statements work on whole tables",
          KEY);
    }
    return update.value(KEY).map(value -> new OutsideStatements(value.statements()));
  }
}
