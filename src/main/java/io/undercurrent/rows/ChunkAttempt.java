package io.undercurrent.rows;

import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Counts;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.quarantine.BadRow;
import io.undercurrent.quarantine.Quarantine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** One try to read, process and write the chunk that follows the last committed one. */
final class ChunkAttempt extends Attempt {

  private final UpdateContext update;
  private final ChunkComponents components;
  private final @Nullable BadRow aside;
  private KeysetChunk chunk;
  private boolean read;
  private Duration writing = Duration.ZERO;

  /**
   * A try.
   *
   * @param aside the row to go on behind, if it is the next one; null for none
   */
  ChunkAttempt(UpdateContext update, ChunkComponents components, @Nullable BadRow aside) {
    this.update = update;
    this.components = components;
    this.aside = aside;
    this.chunk = components.reader().chunk().follow();
  }

  @Override
  protected Counts work(StepExecution execution, int size) {
    return aside != null && isNext(aside)
        ? putAside(execution, aside)
        : write(execution, new ChunkBounds(size, mostWritten()));
  }

  private boolean isNext(BadRow row) {
    chunk = components.reader().nextKey();
    return row.key().equals(chunk.end());
  }

  private Counts putAside(StepExecution execution, BadRow row) {
    quarantine(execution).put(row, expectedRows());
    Quarantine.countIn(execution.getExecutionContext());
    count(execution, 0, ChangedRows.NONE);
    components.save(chunk, execution.getExecutionContext());
    return new Counts(1, 1, 0, ChangedRows.NONE);
  }

  private Quarantine quarantine(StepExecution execution) {
    return AdaptiveChunkStep.quarantine(update, execution);
  }

  private Counts write(StepExecution execution, ChunkBounds bounds) {
    chunk = components.reader().next(bounds);
    read = true;
    var begin = update.time().nanos();
    var output = components.process(chunk.rows());
    var changed = output.isEmpty() ? ChangedRows.NONE : components.write(output);
    writing = update.time().since(begin);
    count(execution, output.size(), changed);
    components.save(chunk, execution.getExecutionContext());
    return new Counts(chunk.items(), chunk.rowsWalked(), output.size(), changed);
  }

  private void count(StepExecution execution, int matching, ChangedRows changed) {
    var total = changed.total();
    var leftOut = chunk.rowsWalked() - matching;
    execution.setReadCount(execution.getReadCount() + chunk.rowsWalked());
    execution.setFilterCount(execution.getFilterCount() + leftOut);
    execution.setWriteCount(execution.getWriteCount() + (total == null ? matching : total));
  }

  @Override
  protected void committed() {
    components.reader().advance(chunk);
  }

  @Override
  protected int walked() {
    if (!read) {
      return super.walked();
    }
    var several = Math.min(2, chunk.rowsWalked());
    return chunk.rowsWalked() == 1
        ? 1
        : (int) Math.max(several, Math.min(super.walked(), chunk.items()));
  }

  @Override
  protected int tried() {
    var matching = chunk.rows().size();
    return matching > 1 ? Math.min(matching, walked()) : walked();
  }

  @Override
  protected boolean wasCut() {
    return chunk.cut();
  }

  @Override
  protected Duration writing() {
    return writing;
  }

  @Override
  protected Optional<List<String>> onlyRow() {
    if (!begun() || walked() != 1) {
      return Optional.empty();
    }
    return read ? Optional.ofNullable(chunk.end()) : lookedUp();
  }

  /** It could not be read, but its key may. */
  private Optional<List<String>> lookedUp() {
    try {
      var next = update.transactions().execute(status -> nextKey());
      return next == null || next.rowsWalked() == 0
          ? Optional.empty()
          : Optional.ofNullable(next.end());
    } catch (DataAccessException | TransactionException e) {
      return Optional.empty();
    }
  }

  private KeysetChunk nextKey() {
    update.gate().opening().limit(Timeouts.ofChunk(update.settings(), Duration.ZERO));
    return components.reader().nextKey();
  }

  @Override
  protected String place() {
    return chunk.place();
  }
}
