package io.undercurrent.shell;

import java.util.Optional;

/** Words for failures that other parts of the application know more about than the console. */
@FunctionalInterface
public interface Explanations {

  /** What to tell the operator; empty if it is a defect. */
  Optional<String> of(Throwable failure);
}
