package io.undercurrent.rows;

import io.undercurrent.bean.Row;
import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Counts;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.page.KeysetChunk;
import io.undercurrent.quarantine.BadRow;
import io.undercurrent.quarantine.Quarantine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** One try to read, process and write the chunk that follows the last committed one. */
final class ChunkAttempt extends Attempt {

  private final UpdateContext update;
  private final ChunkComponents components;
  private final Inspection inspection;
  private final @Nullable BadRow aside;
  private final ChunkReading reading;
  private Duration writing = Duration.ZERO;

  /**
   * A try.
   *
   * @param inspection looks at what is written
   * @param aside the row to go on behind, if it is the next one; null for none
   */
  ChunkAttempt(
      UpdateContext update,
      ChunkComponents components,
      Inspection inspection,
      @Nullable BadRow aside) {
    this.update = update;
    this.components = components;
    this.inspection = inspection;
    this.aside = aside;
    this.reading = new ChunkReading(update, components);
  }

  @Override
  protected void prepare() {
    if (components.outside() && aside == null) {
      begin();
      reading.ahead(components.bounds(items(), mostWritten(), target()), target());
    }
  }

  /** What a bean has done is written first. */
  @Override
  protected boolean obeysWishes() {
    return !reading.isAhead();
  }

  @Override
  protected Counts work(StepExecution execution, int size) {
    if (aside == null) {
      return write(execution, size);
    }
    return reading.isNext(aside.key())
        ? putAside(execution, aside)
        : new Counts(0, 0, 0, ChangedRows.NONE);
  }

  private Counts putAside(StepExecution execution, BadRow row) {
    var ofRun = execution.getExecutionContext().getLong(Checkpoint.ROWS_OF_RUN, 0);
    quarantine(execution).put(row, Math.max(ofRun, expectedRows()));
    Quarantine.countIn(execution.getExecutionContext());
    count(execution, 0, ChangedRows.NONE);
    components.save(chunk(), execution.getExecutionContext());
    return new Counts(1, 1, 0, ChangedRows.NONE);
  }

  private Quarantine quarantine(StepExecution execution) {
    return AdaptiveChunkStep.quarantine(update, execution);
  }

  private Counts write(StepExecution execution, int size) {
    var ranges = components.ranges();
    if (ranges != null) {
      var done = reading.work(ranges, components.bounds(size, mostWritten(), target()));
      writing = done.writing();
      return counted(execution, done.matching(), done.changed());
    }
    var output = reading.read(components.bounds(size, mostWritten(), target()), target());
    var changed = output.isEmpty() ? ChangedRows.NONE : written(output);
    inspection.inspect(output.getItems(), execution.getExecutionContext());
    return counted(execution, output.size(), changed);
  }

  private Counts counted(StepExecution execution, long matching, ChangedRows changed) {
    count(execution, matching, changed);
    components.save(chunk(), execution.getExecutionContext());
    return new Counts(chunk().items(), chunk().rowsWalked(), matching, changed);
  }

  private ChangedRows written(Chunk<Row> output) {
    var begin = update.time().nanos();
    var changed = components.write(output);
    writing = update.time().since(begin);
    components.took(chunk(), writing);
    components.writerBean().ifPresent(bean -> bean.requireBelow(idle(), writing));
    return changed;
  }

  private Duration idle() {
    return Timeouts.ofChunk(update.settings(), target()).idle();
  }

  private KeysetChunk chunk() {
    return reading.chunk();
  }

  private void count(StepExecution execution, long matching, ChangedRows changed) {
    var total = changed.total();
    var leftOut = Math.max(0, chunk().rowsWalked() - matching);
    execution.setReadCount(execution.getReadCount() + chunk().rowsWalked());
    execution.setFilterCount(execution.getFilterCount() + leftOut);
    execution.setWriteCount(execution.getWriteCount() + (total == null ? matching : total));
  }

  @Override
  protected void committed() {
    reading.committed();
  }

  @Override
  protected boolean boundsWrites() {
    return components.reader().filters();
  }

  @Override
  protected int walked() {
    if (!reading.isRead()) {
      return super.walked();
    }
    var several = Math.min(2, chunk().rowsWalked());
    return chunk().rowsWalked() == 1
        ? 1
        : (int) Math.max(several, Math.min(super.walked(), chunk().items()));
  }

  @Override
  protected int tried() {
    var matching = components.ranges() == null ? chunk().rows().size() : mostWritten();
    return matching > 1 ? Math.min(matching, walked()) : walked();
  }

  @Override
  protected boolean wasCut() {
    return reading.wasCut();
  }

  @Override
  protected Duration writing() {
    return writing.plus(reading.processing());
  }

  @Override
  protected Optional<List<String>> onlyRow() {
    if (!begun() || walked() != 1) {
      return Optional.empty();
    }
    return reading.isRead() ? Optional.ofNullable(chunk().end()) : lookedUp();
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
    return chunk().place();
  }
}
