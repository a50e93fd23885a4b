package io.undercurrent.run;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import java.util.List;
import java.util.Optional;

/** Updates that run SQL once. */
public final class RunKind implements UpdateKind {

  @Override
  public List<Key> keys() {
    return List.of(Key.required("run", Shape.STATEMENTS, "statements that run in one transaction"));
  }

  @Override
  public String example() {
    return """
        - name: titles_default
          run: ALTER TABLE rooms ALTER COLUMN title SET DEFAULT ''
        """;
  }

  @Override
  public Optional<Work> read(Section update) {
    return update.value("run").map(value -> new RunStatements(value.statements()));
  }
}
