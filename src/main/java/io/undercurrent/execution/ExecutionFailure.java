package io.undercurrent.execution;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.FailureKind;
import io.undercurrent.failure.IterationFailedException;
import io.undercurrent.lease.LockWait;
import io.undercurrent.state.HoldSentences;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;

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
        .min(Comparator.comparing(ExecutionFailure::follows))
        .map(ExecutionFailure::of)
        .orElseGet(() -> new ExecutionFailure(end.toString(), null, FailureKind.UNCLEAR));
  }

  /** What follows from another failure, a refused save or the stop of other lanes, says less. */
  private static int follows(Throwable failure) {
    if (failure instanceof IterationFailedException) {
      return 0;
    }
    return failure instanceof JobExecutionException && failure.getCause() == null ? 2 : 1;
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
