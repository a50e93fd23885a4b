package io.undercurrent.rows;

import static java.util.Objects.requireNonNull;

import io.undercurrent.failure.FailureKind;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateStep;
import io.undercurrent.page.KeysetReader;
import io.undercurrent.quarantine.BadRow;
import io.undercurrent.quarantine.Quarantine;
import io.undercurrent.quarantine.QuarantineTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The chunk-oriented step of an update. Unlike Spring Batch's own {@code ChunkOrientedStep}, each
 * chunk has the size that the controller's callbacks give, and the controller is entered before the
 * transaction.
 */
final class AdaptiveChunkStep extends UpdateStep {

  private static final String PREPARED = "undercurrent.prepared";
  private static final String FINISHED = "undercurrent.finished";

  private final ChunkedWork work;
  private @Nullable ChunkComponents opened;
  private boolean over;

  AdaptiveChunkStep(JobRepository repository, UpdateContext update, ChunkedWork work) {
    super(repository, update, false);
    this.work = work;
  }

  @Override
  protected void open(ExecutionContext context) throws Exception {
    if (inspection().beginsAnew(context.toMap())) {
      UpdateStep.forget(context);
    }
    super.open(context);
    over = isPrepared(context) && work.frame().isOver(update());
    if (isPrepared(context) && !over) {
      openChunks(context);
    }
  }

  private boolean isPrepared(ExecutionContext context) {
    return work.frame() == Frame.NONE || context.containsKey(PREPARED);
  }

  private boolean isFinished(ExecutionContext context) {
    return work.frame() == Frame.NONE || context.containsKey(FINISHED);
  }

  private void openChunks(ExecutionContext context) {
    opened = update().transactions().execute(status -> ask());
    components().open(context);
    var transactions = transactions();
    iterateIn(transactions);
    if (KeysetReader.isFresh(context)) {
      components().reader().survey();
    }
    if (KeysetReader.isFresh(context) || progress().expectedRows() == 0) {
      transactions.executeWithoutResult(status -> measure(context));
    }
  }

  private OpenedTransactions transactions() {
    var patience = timeouts(Duration.ZERO).lock();
    return new OpenedTransactions(
        requireNonNull(update().transactions().getTransactionManager(), "transaction manager"),
        components().guard().begin(patience),
        patience);
  }

  /** Finds out from where to where the run goes, and how many rows that is. */
  private void measure(ExecutionContext context) {
    update().gate().opening().limit(timeouts(Duration.ZERO));
    if (KeysetReader.isFresh(context)) {
      components().reader().freezeEnd(context);
    }
    if (progress().expectedRows() == 0) {
      expect(components().reader().expectedRows());
    }
  }

  /** Asks the table about its key and its rows, under a chunk's timeouts: it may be locked. */
  private ChunkComponents ask() {
    update().gate().opening().limit(timeouts(Duration.ZERO));
    return ChunkComponents.of(
        update(), work.expand(update().jdbc(), update().values()), work.byRange(update().jdbc()));
  }

  private ChunkComponents components() {
    return requireNonNull(opened, "the step is not open");
  }

  @Override
  protected boolean done(StepExecution execution) {
    var context = execution.getExecutionContext();
    return opened == null
        ? over || isPrepared(context)
        : components().reader().exhausted() && isFinished(context);
  }

  @Override
  protected Timeouts timeouts(Duration target) {
    return Timeouts.ofChunk(update().settings(), target);
  }

  @Override
  protected Attempt attempt() {
    if (opened == null) {
      return new FrameAttempt(this::stopIfWished, () -> work.frame().before(update()), PREPARED);
    }
    if (components().reader().exhausted()) {
      return new FrameAttempt(this::stopIfWished, () -> work.frame().after(update()), FINISHED);
    }
    return new ChunkAttempt(update(), components(), inspection(), null);
  }

  @Override
  protected Attempt attemptWithout(BadRow row) {
    return new ChunkAttempt(update(), components(), inspection(), row);
  }

  /** A run that has put rows aside says so in how it ends. */
  @Override
  protected void doExecute(StepExecution execution) throws Exception {
    if (opened == null && !over) {
      super.doExecute(execution);
      over = work.frame().isOver(update());
      if (!over) {
        openChunks(execution.getExecutionContext());
      }
    }
    super.doExecute(execution);
    conclude(execution.getExecutionContext());
    if (Quarantine.isIn(execution.getExecutionContext())) {
      quarantine(update(), execution).status().ifPresent(execution::setExitStatus);
    }
  }

  private Inspection inspection() {
    return work.inspection(update().values());
  }

  private void conclude(ExecutionContext context) {
    try {
      inspection().conclude(progress(), context);
    } catch (RuntimeException e) {
      throw new IterationFailedException(e, "", FailureKind.of(e));
    }
  }

  /** That of the run that is executed. */
  static Quarantine quarantine(UpdateContext update, StepExecution execution) {
    var run = execution.getJobExecution().getJobParameters().getLong("run");
    return new Quarantine(
        new QuarantineTable(JdbcClient.create(update.jdbc())),
        update.name(),
        requireNonNull(run, "run"),
        update.settings().quarantine());
  }

  @Override
  protected void rolledBack(ExecutionContext context) {
    if (opened != null) {
      opened.reopenBeans(context);
    }
  }

  @Override
  protected void close(ExecutionContext context) {
    if (opened != null) {
      opened.close();
    }
  }
}
