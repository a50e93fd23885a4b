package io.undercurrent.runner;

import io.undercurrent.chunk.IterationFailedException;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;

/**
 * Why an execution failed.
 *
 * @param message for the operator
 * @param sqlState the SQLSTATE, or null
 */
record Failure(String message, @Nullable String sqlState) {

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  static Failure of(JobExecution execution) {
    return execution.getAllFailureExceptions().stream()
        .findFirst()
        .map(Failure::of)
        .orElseGet(() -> new Failure(execution.getExitStatus().toString(), null));
  }

  private static Failure of(Throwable thrown) {
    if (thrown instanceof IterationFailedException failure) {
      return new Failure(String.valueOf(failure.getMessage()), failure.sqlState());
    }
    var failure = SqlFailure.of(thrown);
    return thrown instanceof RefusedException
        ? new Failure(String.valueOf(thrown.getMessage()), failure.sqlState())
        : new Failure(failure.sentence(), failure.sqlState());
  }

  /** Tells as well who was in the way of a statement that waited too long for a lock. */
  Failure behind(@Nullable LockWait wait) {
    return wait == null || !LOCK_NOT_AVAILABLE.equals(sqlState)
        ? this
        : new Failure(message + ". It waited for " + wait.sentence(), sqlState);
  }
}
