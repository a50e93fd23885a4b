package io.undercurrent.execution;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.FailureKind;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.lease.LockWait;
import io.undercurrent.state.HoldSentences;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;

/**
 * Why an execution failed.
 *
 * @param message for the operator
 * @param sqlState the SQLSTATE, or null
 * @param kind what to expect of the next execution
 */
public record ExecutionFailure(String message, @Nullable String sqlState, FailureKind kind) {

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  public static ExecutionFailure of(JobExecution execution) {
    return of(execution.getAllFailureExceptions(), execution.getExitStatus());
  }

  /** The same from what was thrown, and from how it ended if nothing was. */
  public static ExecutionFailure of(List<Throwable> failures, ExitStatus end) {
    return failures.stream()
        // what follows from it, a refused save for example, says less
        .filter(IterationFailedException.class::isInstance)
        .findFirst()
        .or(() -> failures.stream().findFirst())
        .map(ExecutionFailure::of)
        .orElseGet(() -> new ExecutionFailure(end.toString(), null, FailureKind.UNCLEAR));
  }

  public static ExecutionFailure of(Throwable thrown) {
    if (thrown instanceof SliceFailedException elsewhere) {
      return elsewhere.failure();
    }
    if (thrown instanceof IterationFailedException failure) {
      return new ExecutionFailure(
          String.valueOf(failure.getMessage()), failure.sqlState(), failure.kind());
    }
    var failure = SqlFailure.of(thrown);
    var message =
        thrown instanceof RefusedException
            ? String.valueOf(thrown.getMessage())
            : failure.sentence();
    return new ExecutionFailure(message, failure.sqlState(), FailureKind.of(thrown));
  }

  /** Says as well which session was in the way of a statement that waited too long for a lock. */
  public ExecutionFailure waitingFor(@Nullable LockWait wait) {
    return wait == null || !LOCK_NOT_AVAILABLE.equals(sqlState)
        ? this
        : new ExecutionFailure(
            message
                + ". It waited for "
                + HoldSentences.asOf(wait.at()).lock(wait.relation(), wait.blocker()),
            sqlState,
            kind);
  }
}
