package io.undercurrent.rows;

import static java.util.Objects.requireNonNull;

import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Counts;
import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateStep;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The chunk-oriented step of an update. Unlike Spring Batch's own {@code ChunkOrientedStep}, each
 * chunk has the size that the controller's callbacks give, and the controller is entered before the
 * transaction.
 */
final class AdaptiveChunkStep extends UpdateStep {

  private final ReadWrite work;
  private @Nullable ChunkComponents opened;

  AdaptiveChunkStep(JobRepository repository, UpdateContext update, ReadWrite work) {
    super(repository, update, false, update.gate());
    this.work = work;
  }

  @Override
  protected void open(ExecutionContext context) throws Exception {
    super.open(context);
    opened = update().transactions().execute(status -> ask());
    for (var stream : participants().streams()) {
      stream.open(context);
    }
    var transactions = transactions();
    iterateIn(transactions);
    if (KeysetReader.isFresh(context)) {
      transactions.executeWithoutResult(status -> freezeEnd(context));
    }
  }

  private TransactionTemplate transactions() {
    return new OpenedTransactions(
        requireNonNull(update().transactions().getTransactionManager(), "transaction manager"),
        participants().guard().begin(timeouts(Duration.ZERO).lock()));
  }

  private void freezeEnd(ExecutionContext context) {
    update().gate().open(timeouts(Duration.ZERO));
    participants().reader().freezeEnd(context);
  }

  /** Asks the table about its key and its rows, under a chunk's timeouts: it may be locked. */
  private ChunkComponents ask() {
    update().gate().open(timeouts(Duration.ZERO));
    var participants = ChunkComponents.of(update(), work);
    if (progress().expectedRows() == 0) {
      expect(participants.guard().footprint().read().rows());
    }
    return participants;
  }

  private ChunkComponents participants() {
    return requireNonNull(opened, "the step is not open");
  }

  @Override
  protected boolean done(StepExecution execution) {
    return participants().reader().exhausted();
  }

  @Override
  protected Timeouts timeouts(Duration target) {
    return Timeouts.ofChunk(update().settings(), target);
  }

  @Override
  protected Counts work(StepExecution execution, int size) {
    try {
      return chunk(execution, size);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Counts chunk(StepExecution execution, int size) throws Exception {
    var reader = participants().reader();
    reader.beginChunk(size);
    var output = new Chunk<Row>();
    var chunk = reader.chunk();
    var leftOut = chunk.rowsFiltered();
    for (var row = reader.read(); row != null; row = reader.read()) {
      var processed = participants().process(row);
      if (processed == null) {
        leftOut++;
      } else {
        output.add(processed);
      }
    }
    var changed = output.isEmpty() ? ChangedRows.NONE : participants().write(output);
    var total = changed.total();
    execution.setReadCount(execution.getReadCount() + chunk.rowsWalked());
    execution.setFilterCount(execution.getFilterCount() + leftOut);
    execution.setWriteCount(execution.getWriteCount() + (total == null ? output.size() : total));
    participants().streams().forEach(stream -> stream.update(execution.getExecutionContext()));
    return new Counts(chunk.items(), chunk.rowsWalked(), output.size(), changed);
  }

  @Override
  protected String place() {
    return participants().reader().chunk().place();
  }

  @Override
  protected void close(ExecutionContext context) {
    if (opened != null) {
      opened.streams().forEach(ItemStream::close);
    }
  }
}
