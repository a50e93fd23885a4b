package io.undercurrent.rows;

import io.undercurrent.bean.Row;
import io.undercurrent.iteration.Progress;
import java.util.List;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What a kind makes of the items of a run, besides writing them. It keeps what it finds in the
 * step's context, and may fail the run at its end.
 */
public interface Inspection {

  /** Nothing is looked at. */
  Inspection NONE =
      new Inspection() {

        @Override
        public boolean beginsAnew(Map<String, Object> context) {
          return false;
        }

        @Override
        public void inspect(List<Row> items, ExecutionContext context) {}

        @Override
        public void conclude(Progress progress, ExecutionContext context) {}
      };

  /**
   * Whether an execution is to begin at the first key again, as if nothing had been read before.
   *
   * @param context what the execution before has left
   */
  boolean beginsAnew(Map<String, Object> context);

  /** Comes after each chunk is written, in its transaction, which keeps the context as well. */
  void inspect(List<Row> items, ExecutionContext context);

  /**
   * Comes after the last chunk, with no transaction open; the context is saved as the execution
   * ends.
   *
   * @throws RuntimeException if the run has failed; what follows depends on its SQLSTATE
   */
  void conclude(Progress progress, ExecutionContext context);
}
