package io.undercurrent.iteration;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.ErrorTable;
import io.undercurrent.failure.FailureKind;
import io.undercurrent.failure.FailurePolicy.Decision;
import io.undercurrent.failure.FailurePolicy.EndExecution;
import io.undercurrent.failure.FailurePolicy.Failure;
import io.undercurrent.failure.FailurePolicy.InPlace;
import io.undercurrent.failure.FailurePolicy.Narrow;
import io.undercurrent.failure.FailurePolicy.PutAside;
import io.undercurrent.failure.FailurePolicy.TryLess;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.failure.Reaction;
import io.undercurrent.iteration.IterationListener.Iteration;
import io.undercurrent.pace.Pacing;
import io.undercurrent.pace.Pacing.Done;
import io.undercurrent.pace.Search;
import io.undercurrent.quarantine.BadRow;
import io.undercurrent.stop.StopAtBoundaryException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.CannotCreateTransactionException;

/** A step that works in iterations: each enters the controller, commits once, and leaves it. */
public abstract class UpdateStep extends AbstractStep {

  private static final Logger log = LoggerFactory.getLogger(UpdateStep.class);

  /** What the names of all of its entries in the step's context begin with. */
  private static final String CONTEXT_PREFIX = "undercurrent.";

  private final UpdateContext update;
  private final boolean oneShot;
  private final OnUpdateChunkListener listener;
  private IterationTransaction transaction;
  private Progress progress = Progress.NONE;
  private Pacing pacing = Pacing.NONE;
  private Search search = Search.NONE;
  private @Nullable BadRow aside;
  private int wanted = 1;
  private long latest;
  private int failures;

  protected UpdateStep(JobRepository repository, UpdateContext update, boolean oneShot) {
    super(repository);
    setName(update.name());
    this.update = update;
    this.oneShot = oneShot;
    this.listener =
        new OnUpdateChunkListener(
            update.controller(),
            update.name(),
            update.databaseName(),
            oneShot,
            () -> update.tuning().get().over(update.settings().batch()),
            () -> update.tuning().get().sleep(),
            update.stop(),
            update.time());
    this.transaction =
        new IterationTransaction(OpenedTransactions.afresh(update.transactions()), update.gate());
  }

  /** Has an execution begin as if its run had none before. */
  public static void forget(ExecutionContext context) {
    context.toMap().keySet().stream()
        .filter(key -> key.startsWith(CONTEXT_PREFIX))
        .toList()
        .forEach(context::remove);
  }

  /** Has iterations begin with these transactions. */
  public final void iterateIn(OpenedTransactions transactions) {
    transaction = new IterationTransaction(transactions, update.gate());
  }

  @Override
  protected void open(ExecutionContext context) throws Exception {
    progress = Progress.of(context);
    pacing = Pacing.of(context.toMap());
  }

  @Override
  protected void doExecute(StepExecution execution) throws Exception {
    try {
      while (!done(execution)) {
        update.stop().passBoundary();
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

  /**
   * Waits while the database's health holds the update, and looks for wishes, in a transaction of
   * its own, before something that no transaction can hold.
   *
   * @throws StopAtBoundaryException if there is one
   */
  protected final void stopIfWished() {
    update.stop().awaitRelease();
    update
        .transactions()
        .executeWithoutResult(
            status ->
                update
                    .gate()
                    .opening()
                    .limitUnlessWished(timeouts(Duration.ZERO))
                    .ifPresent(
                        reason -> {
                          throw new StopAtBoundaryException(reason);
                        }));
  }

  private void iterate(StepExecution execution) {
    update.listener().entering(update.databaseName(), update.name());
    listener.beforeChunk(Chunk.of());
    awaitRelease();
    update.listener().entered(update.databaseName(), update.name());
    var attempt = aside == null ? attempt() : attemptWithout(aside);
    try {
      stopIfAsked();
      attempt.start(chunkSize(), mostWritten(attempt), progress, update.time());
      attempt.prepare();
      commit(execution, attempt);
      accept(attempt);
    } catch (StopAtBoundaryException e) {
      listener.leave(attempt.begun() ? e : null);
      throw e;
    } catch (CannotCreateTransactionException e) {
      failed(execution, attempt, e.getCause() == null ? e : e.getCause());
      return;
    } catch (RuntimeException | Error e) {
      failed(execution, attempt, e);
      return;
    }
    listener.afterChunk(Chunk.of());
  }

  private void awaitRelease() {
    if (update.stop().isBraked()) {
      update.listener().held(update.databaseName(), update.name());
    }
    try {
      update.stop().awaitRelease();
    } catch (StopAtBoundaryException e) {
      listener.leave(null);
      throw e;
    }
  }

  private ChunkSize chunkSize() {
    if (oneShot) {
      return ChunkSize.ONE_SHOT;
    }
    var size = listener.chunkSize(progress, pacing.walking());
    wanted = size.items();
    if (update.stop().takeSmaller()) {
      var allowed = Math.min(wanted, pacing.most(listener.target()));
      pacing = pacing.halved(latest == 0 ? allowed : Math.min(allowed, latest));
    }
    return size.atMost(
            pacing.most(listener.target()), pacing.limit().halved() ? Rule.HALVED : Rule.HELD)
        .atMost(search.items(), Rule.SEARCH);
  }

  private int mostWritten(Attempt attempt) {
    return attempt.boundsWrites() ? listener.mostWritten(pacing.writing()) : Integer.MAX_VALUE;
  }

  private void commit(StepExecution execution, Attempt attempt) {
    var target = listener.target();
    try (var cut = update.stop().begin(target, update.gate().cancel())) {
      try {
        transaction.execute(
            execution,
            timeouts(attempt),
            attempt.obeysWishes(),
            () -> {
              attempt.execute(execution);
              pacing.writeTo(execution.getExecutionContext());
            });
      } catch (RuntimeException e) {
        throw cut.made() ? new StopAtBoundaryException(cutShort(), e) : e;
      }
    }
  }

  private Timeouts timeouts(Attempt attempt) {
    var timeouts = timeouts(listener.target());
    return oneShot
        ? timeouts
        : timeouts.ofItems(attempt.items(), listener.target(), pacing.limit().fixed());
  }

  private void failed(StepExecution execution, Attempt attempt, Throwable cause) {
    failures++;
    var lost = ErrorTable.reaction(cause) == Reaction.RECONNECT;
    var row = lost ? Optional.<List<String>>empty() : attempt.onlyRow();
    var decision = decide(execution, attempt, row, cause);
    var kind = decision instanceof EndExecution end ? end.kind() : FailureKind.of(cause);
    var failure = new IterationFailedException(cause, place(attempt, row), kind);
    listener.onChunkError(failure, Chunk.of());
    if (!(decision instanceof InPlace again)) {
      throw failure;
    }
    log.warn(
        "Update {} on {} tries an iteration again: {}",
        update.name(),
        update.databaseName(),
        failure.getMessage());
    rolledBack(execution.getExecutionContext());
    prepare(again, attempt, row, failure);
    update.gate().setbacks().getOver(failure, again);
  }

  private static String place(Attempt attempt, Optional<List<String>> row) {
    return attempt.begun() ? row.map(key -> "at the key " + key).orElse(attempt.place()) : "";
  }

  private Decision decide(
      StepExecution execution, Attempt attempt, Optional<List<String>> row, Throwable cause) {
    return IterationTransaction.isOutcomeUnknown(execution)
        ? new EndExecution(FailureKind.of(cause))
        : update
            .failures()
            .after(
                new Failure(
                    cause,
                    SqlFailure.of(cause).sqlState(),
                    failures,
                    update.gate().setbacks().counted(),
                    attempt.tried(),
                    row.isPresent(),
                    update.settings().quarantine() != null));
  }

  /** Has the next try be what was decided. */
  private void prepare(
      InPlace decision,
      Attempt attempt,
      Optional<List<String>> row,
      IterationFailedException failure) {
    if (decision instanceof TryLess less) {
      pacing = pacing.atMost(less.items(), attempt.walked(), attempt.duration(), listener.target());
    } else if (decision instanceof Narrow) {
      search = Search.among(attempt.walked());
    } else if (decision instanceof PutAside) {
      aside =
          new BadRow(row.orElseThrow(), failure.sqlState(), String.valueOf(failure.getMessage()));
    }
  }

  private String cutShort() {
    return update.stop().reason() + "; the iteration overran its target and was rolled back";
  }

  private void accept(Attempt attempt) {
    attempt.committed();
    var before = progress;
    var duration = attempt.duration();
    progress = attempt.progress(duration);
    var counts = attempt.counts();
    var chunk =
        new Done(
            counts.items(),
            wanted,
            counts.matching(),
            duration,
            attempt.writing(),
            listener.target());
    if (search.equals(Search.NONE)) {
      pacing = pacing.after(chunk, attempt.wasCut());
    }
    search = search.behind(counts.items());
    latest = counts.items();
    aside = null;
    failures = 0;
    if (progress.iterations() > before.iterations()) {
      update
          .listener()
          .committed(
              update.databaseName(),
              update.name(),
              new Iteration(
                  attempt.counts(), duration, attempt.items(), oneShot ? null : listener.target()));
    }
    log.info(
        "Update {} on {}: {} in {} ms (batch size {}, {}/ms)",
        update.name(),
        update.databaseName(),
        attempt.counts().words(),
        duration.toMillis(),
        attempt.items(),
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

  /** Begins a try of the next iteration, from the last committed position. */
  protected abstract Attempt attempt();

  /**
   * Begins one that goes on behind the next row, if it is still that one, and notes its error.
   *
   * @throws UnsupportedOperationException if there are no rows
   */
  protected Attempt attemptWithout(BadRow row) {
    throw new UnsupportedOperationException("There are no rows to put aside");
  }

  /**
   * Puts back what a try that was rolled back has left elsewhere than in itself.
   *
   * @param context the execution's, as it was before the try
   */
  protected void rolledBack(ExecutionContext context) {}
}
