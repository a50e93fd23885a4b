package io.undercurrent.run;

import io.undercurrent.kind.UpdateKind;
import io.undercurrent.kind.Work;
import io.undercurrent.yaml.Section;
import java.util.List;
import java.util.Optional;

/** Updates that run SQL once. */
public final class RunKind implements UpdateKind {

  @Override
  public List<String> keys() {
    return List.of("run");
  }

  @Override
  public Optional<Work> read(Section update) {
    return update.value("run").map(value -> new RunStatements(value.statements()));
  }
}
