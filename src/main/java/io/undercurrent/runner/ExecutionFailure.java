package io.undercurrent.runner;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.iteration.IterationFailedException;
import io.undercurrent.lease.LockWait;
import io.undercurrent.state.HoldSentences;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;

/**
 * Why an execution failed.
 *
 * @param message for the operator
 * @param sqlState the SQLSTATE, or null
 * @param hopeless whether trying again is of no use until somebody has changed something
 */
record ExecutionFailure(String message, @Nullable String sqlState, boolean hopeless) {

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Those of other sessions' doing: a lock held too long, a serialization failure, a deadlock. */
  private static final Set<String> PASSING = Set.of(LOCK_NOT_AVAILABLE, "40001", "40P01");

  static ExecutionFailure of(JobExecution execution) {
    var failures = execution.getAllFailureExceptions();
    return failures.stream()
        // what follows from it, a refused save for example, says less
        .filter(IterationFailedException.class::isInstance)
        .findFirst()
        .or(() -> failures.stream().findFirst())
        .map(ExecutionFailure::of)
        .orElseGet(() -> new ExecutionFailure(execution.getExitStatus().toString(), null, false));
  }

  static ExecutionFailure of(Throwable thrown) {
    if (thrown instanceof IterationFailedException failure) {
      return new ExecutionFailure(
          String.valueOf(failure.getMessage()), failure.sqlState(), failure.hopeless());
    }
    var failure = SqlFailure.of(thrown);
    return thrown instanceof RefusedException
        ? new ExecutionFailure(String.valueOf(thrown.getMessage()), failure.sqlState(), false)
        : new ExecutionFailure(failure.sentence(), failure.sqlState(), false);
  }

  /** Whether other sessions were in the way, whose transactions end some time. */
  boolean passing() {
    return sqlState != null && passing(sqlState);
  }

  /** Whether a SQLSTATE says so. */
  static boolean passing(String sqlState) {
    return PASSING.contains(sqlState);
  }

  /** Tells as well who was in the way of a statement that waited too long for a lock. */
  ExecutionFailure behind(@Nullable LockWait wait) {
    return wait == null || !LOCK_NOT_AVAILABLE.equals(sqlState)
        ? this
        : new ExecutionFailure(
            message
                + ". It waited for "
                + HoldSentences.asOf(wait.at()).lock(wait.relation(), wait.blocker()),
            sqlState,
            hopeless);
  }
}
