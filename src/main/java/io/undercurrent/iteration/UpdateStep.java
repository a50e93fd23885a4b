package io.undercurrent.iteration;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.iteration.IterationListener.Iteration;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.support.TransactionOperations;

/** A step that works in iterations: each enters the controller, commits once, and leaves it. */
public abstract class UpdateStep extends AbstractStep {

  private static final Logger log = LoggerFactory.getLogger(UpdateStep.class);

  private static final Counts NOTHING = new Counts(0, 0, 0, ChangedRows.NONE);

  private final UpdateContext update;
  private final boolean oneShot;
  private final OnUpdateChunkListener listener;
  private final IterationGate gate;
  private IterationTransaction transaction;
  private Progress progress = Progress.NONE;
  private Counts counts = NOTHING;
  private boolean working;

  protected UpdateStep(
      JobRepository repository, UpdateContext update, boolean oneShot, IterationGate gate) {
    super(repository);
    setName(update.name());
    this.update = update;
    this.oneShot = oneShot;
    this.listener =
        new OnUpdateChunkListener(
            update.controller(), update.name(), update.databaseName(), oneShot, update.stop());
    this.gate = gate;
    this.transaction = new IterationTransaction(update.transactions(), gate);
  }

  /** Has iterations begin with these transactions. */
  public final void iterateIn(TransactionOperations transactions) {
    transaction = new IterationTransaction(transactions, gate);
  }

  @Override
  protected void open(ExecutionContext context) throws Exception {
    progress = Progress.of(context);
  }

  @Override
  protected void doExecute(StepExecution execution) throws Exception {
    try {
      while (!done(execution)) {
        stopIfAsked();
        iterate(execution);
      }
    } catch (StopAtBoundaryException e) {
      log.info("Update {} on {} stops: {}", update.name(), update.databaseName(), e.reason());
      execution.setExitStatus(ExitStatus.STOPPED.addExitDescription(e.reason()));
      throw new JobInterruptedException(e.reason());
    }
  }

  private void stopIfAsked() {
    var reason = update.stop().reason();
    if (reason != null) {
      throw new StopAtBoundaryException(reason);
    }
  }

  private void iterate(StepExecution execution) {
    working = false;
    update.listener().entering(update.databaseName(), update.name());
    listener.beforeChunk(Chunk.of());
    update.listener().entered(update.databaseName(), update.name());
    try {
      stopIfAsked();
      var size = oneShot ? ChunkSize.ONE_SHOT : listener.chunkSize(progress);
      var start = update.time().nanos();
      var before = progress;
      beforeTransaction();
      commit(
          execution,
          () -> {
            begins();
            counts = work(execution, size.items());
            // The commit's own time is not known yet; the next iteration saves it.
            progress = before.with(counts, size, update.time().since(start));
            progress.writeTo(execution.getExecutionContext());
          });
      finished(before, size, update.time().since(start));
    } catch (StopAtBoundaryException e) {
      listener.leave(working ? e : null);
      throw e;
    } catch (RuntimeException | Error e) {
      var failure = new IterationFailedException(e, working ? place() : "");
      listener.onChunkError(failure, Chunk.of());
      throw failure;
    }
    listener.afterChunk(Chunk.of());
  }

  /** Says that there is something now that a stop cuts. */
  protected final void begins() {
    working = true;
  }

  private void commit(StepExecution execution, Runnable work) {
    try (var cut = update.stop().begin(listener.target(), update.gate()::cancel)) {
      try {
        transaction.execute(execution, timeouts(listener.target()), work);
      } catch (RuntimeException e) {
        throw cut.made() ? new StopAtBoundaryException(cutShort(), e) : e;
      }
    }
  }

  private String cutShort() {
    return update.stop().reason() + "; the iteration overran its target and was rolled back";
  }

  private void finished(Progress before, ChunkSize size, Duration duration) {
    progress = before.with(counts, size, duration);
    if (progress.iterations() > before.iterations()) {
      update
          .listener()
          .committed(
              update.databaseName(),
              update.name(),
              new Iteration(counts, duration, size.items(), oneShot ? null : listener.target()));
    }
    log.info(
        "Update {} on {}: {} in {} ms (batch size {}, {}/ms)",
        update.name(),
        update.databaseName(),
        counts.words(),
        duration.toMillis(),
        size.items(),
        rate());
  }

  private String rate() {
    var itemsPerMs = progress.performance().averageItemsPerMs();
    return itemsPerMs == null ? "0" : String.format(Locale.ROOT, "%.2f", itemsPerMs);
  }

  protected final Progress progress() {
    return progress;
  }

  protected final void expect(long rows) {
    progress = progress.expecting(rows);
  }

  protected final UpdateContext update() {
    return update;
  }

  /** Whether nothing is left to do. */
  protected abstract boolean done(StepExecution execution);

  protected abstract Timeouts timeouts(Duration target);

  /** Does what an iteration cannot do inside its transaction; nothing for most. */
  protected void beforeTransaction() {}

  /** Does one iteration's work inside its transaction. */
  protected abstract Counts work(StepExecution execution, int size);

  /** Where the work is, for messages; empty if that says nothing. */
  protected abstract String place();
}
