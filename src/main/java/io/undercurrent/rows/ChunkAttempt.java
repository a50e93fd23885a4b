package io.undercurrent.rows;

import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Counts;
import org.springframework.batch.core.step.StepExecution;

/** One try to read, process and write the chunk that follows the last committed one. */
final class ChunkAttempt extends Attempt {

  private final ChunkComponents components;
  private KeysetChunk chunk;

  ChunkAttempt(ChunkComponents components) {
    this.components = components;
    this.chunk = components.reader().chunk().follow();
  }

  @Override
  protected Counts work(StepExecution execution, int size) {
    chunk = components.reader().next(size);
    var output = components.process(chunk.rows());
    var changed = output.isEmpty() ? ChangedRows.NONE : components.write(output);
    count(execution, output.size(), changed);
    components.save(chunk, execution.getExecutionContext());
    return new Counts(chunk.items(), chunk.rowsWalked(), output.size(), changed);
  }

  private void count(StepExecution execution, int matching, ChangedRows changed) {
    var total = changed.total();
    var leftOut = chunk.rowsFiltered() + chunk.rows().size() - matching;
    execution.setReadCount(execution.getReadCount() + chunk.rowsWalked());
    execution.setFilterCount(execution.getFilterCount() + leftOut);
    execution.setWriteCount(execution.getWriteCount() + (total == null ? matching : total));
  }

  @Override
  protected void committed() {
    components.reader().advance(chunk);
  }

  @Override
  protected String place() {
    return chunk.place();
  }
}
