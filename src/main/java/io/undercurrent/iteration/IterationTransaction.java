package io.undercurrent.iteration;

import static java.util.Objects.requireNonNull;

import io.undercurrent.stop.StopAtBoundaryException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * One transaction for an iteration's work and its metadata; afterwards the step execution in memory
 * is what the database holds.
 */
final class IterationTransaction {

  /** A version that no row has: nothing can be saved over an execution whose state is unknown. */
  private static final int UNKNOWN_VERSION = -1;

  /** SQLSTATEs that come as FATAL or PANIC; the severity alone will not do, it is translated. */
  private static final Pattern ENDS_SESSION = Pattern.compile("08|25P|53|57P|58|F0|XX");

  private final OpenedTransactions transactions;
  private final IterationGate gate;

  IterationTransaction(OpenedTransactions transactions, IterationGate gate) {
    this.transactions = transactions;
    this.gate = gate;
  }

  /**
   * Does the work, saves the execution, commits.
   *
   * @throws StopAtBoundaryException if a wish stops the update; nothing was done then
   */
  void execute(StepExecution execution, Timeouts timeouts, boolean obeysWishes, Runnable work) {
    var before = Savepoint.of(execution);
    var transaction =
        new BracketedTransaction(transactions, gate.opening().statement(timeouts, obeysWishes));
    try {
      transaction.executeWithoutResult(
          status -> {
            transaction.opening().stopReason().ifPresent(IterationTransaction::stop);
            work.run();
            execution.incrementCommitCount();
            transaction.endWith(gate.checkpoint().save(execution));
          });
      requireSent(transaction);
    } catch (RuntimeException e) {
      throw failed(execution, before, transaction, e);
    } catch (Error e) {
      forget(execution, before, transaction.isSent());
      throw e;
    }
  }

  private static void requireSent(BracketedTransaction transaction) {
    if (!transaction.isSent()) {
      throw new IllegalStateException(
          "Expected the transaction to be committed, but something in it has set it to roll back");
    }
  }

  private static RuntimeException failed(
      StepExecution execution,
      Savepoint before,
      BracketedTransaction transaction,
      RuntimeException failure) {
    var meant = transaction.refusal(failure).orElse(failure);
    if (meant instanceof StopAtBoundaryException) {
      before.restore(execution);
    } else {
      forget(execution, before, transaction.isSent() && !wasRefused(failure));
    }
    return meant;
  }

  /** Whether only the database knows how the last transaction ended. */
  static boolean isOutcomeUnknown(StepExecution execution) {
    return Objects.equals(execution.getVersion(), UNKNOWN_VERSION);
  }

  private static void forget(StepExecution execution, Savepoint before, boolean maybeCommitted) {
    before.restore(execution);
    execution.incrementRollbackCount();
    if (maybeCommitted) {
      // Only the database knows, and the next start asks it.
      execution.setVersion(UNKNOWN_VERSION);
    }
  }

  private static void stop(String reason) {
    throw new StopAtBoundaryException(reason);
  }

  private static boolean wasRefused(Throwable failure) {
    return failure.getCause() instanceof PSQLException answer
        && answer.getServerErrorMessage() != null
        && ("ERROR".equals(answer.getServerErrorMessage().getSeverity())
            || !ENDS_SESSION.matcher(String.valueOf(answer.getSQLState())).lookingAt());
  }

  private record Savepoint(
      int version, long reads, long writes, long filtered, long commits, ExecutionContext context) {

    static Savepoint of(StepExecution execution) {
      return new Savepoint(
          requireNonNull(execution.getVersion(), "version"),
          execution.getReadCount(),
          execution.getWriteCount(),
          execution.getFilterCount(),
          execution.getCommitCount(),
          new ExecutionContext(execution.getExecutionContext()));
    }

    void restore(StepExecution execution) {
      execution.setVersion(version);
      execution.setReadCount(reads);
      execution.setWriteCount(writes);
      execution.setFilterCount(filtered);
      execution.setCommitCount(commits);
      execution.setExecutionContext(context);
    }
  }
}
