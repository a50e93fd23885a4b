package io.undercurrent.lane;

import java.util.List;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Cuts what is left of a run into slices. */
@FunctionalInterface
public interface Cutter {

  /**
   * Does so; called with no transaction open.
   *
   * @param before the context of the step that has worked on the run in one lane; empty if none has
   * @param parts how many slices there are to be at most
   * @return the contexts with which they begin, in the order of the key
   */
  List<ExecutionContext> cut(ExecutionContext before, int parts);
}
