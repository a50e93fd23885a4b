package io.undercurrent.iteration;

import org.jspecify.annotations.Nullable;

/** Decides what follows when a try of an iteration has failed and is rolled back. */
@FunctionalInterface
public interface FailurePolicy {

  /** Ends the execution whatever has failed; the runner begins another one later, or gives up. */
  FailurePolicy END_EXECUTION = failure -> new EndExecution(FailureKind.of(failure.cause()));

  Decision after(Failure failure);

  /**
   * A try that has failed.
   *
   * @param cause what it failed with
   * @param sqlState the SQLSTATE, or null if the error did not come from the database
   * @param attempt how many tries of this iteration have failed in a row, this one included
   * @param items how many items it was allowed, 0 if that was not yet decided
   */
  record Failure(Throwable cause, @Nullable String sqlState, int attempt, int items) {}

  /** What to do. */
  sealed interface Decision {}

  /**
   * Ends the execution.
   *
   * @param kind what to expect of the next one
   */
  record EndExecution(FailureKind kind) implements Decision {}

  /**
   * Tries again in place: from the last committed position, in a new transaction.
   *
   * @param items how many items the next try may have at most
   */
  record TryAgain(int items) implements Decision {

    /** With as many items as the controller allows. */
    public TryAgain() {
      this(Integer.MAX_VALUE);
    }
  }
}
