package io.undercurrent.failure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Decides what follows when a try of an iteration has failed and is rolled back. */
@FunctionalInterface
public interface FailurePolicy {

  /** What the table of errors says, tried in place. */
  FailurePolicy STANDARD = new StandardPolicy();

  /** Ends the execution whatever has failed; the runner begins another one later, or gives up. */
  FailurePolicy END_EXECUTION = failure -> new EndExecution(FailureKind.of(failure.cause()));

  Decision after(Failure failure);

  /**
   * A try that has failed.
   *
   * @param cause what it failed with
   * @param sqlState the SQLSTATE, or null if the error did not come from the database
   * @param attempt how many tries of this iteration have failed in a row, this one included
   * @param counted how many of those before counted as failures
   * @param items how many items were too much at once, if they were; 0 if that was not yet decided
   * @param oneRow whether it failed on one row alone
   * @param quarantine whether that row may be put aside
   */
  record Failure(
      Throwable cause,
      @Nullable String sqlState,
      int attempt,
      int counted,
      int items,
      boolean oneRow,
      boolean quarantine) {}

  /** What to do. */
  sealed interface Decision {}

  /**
   * Ends the execution.
   *
   * @param kind what to expect of the next one
   */
  record EndExecution(FailureKind kind) implements Decision {}

  /** Tries again in place: from the last committed position, in a new transaction. */
  sealed interface InPlace extends Decision {

    /** How long to wait before, without a transaction. */
    default Duration pause() {
      return Duration.ZERO;
    }

    /** Whether this counts as a failure of the update, of which it may have a few in a row. */
    default boolean counts() {
      return false;
    }
  }

  /** Tries the same again. */
  record TryAgain(Duration pause, boolean counts) implements InPlace {

    /** At once. */
    public TryAgain() {
      this(Duration.ZERO, false);
    }
  }

  /**
   * Tries less at once, and has chunks grow again slowly.
   *
   * @param items how many items the next try may have at most
   */
  record TryLess(int items, Duration pause) implements InPlace {}

  /** Halves the chunk until the row is found on which it fails. */
  record Narrow() implements InPlace {}

  /** Goes on behind the one row, and notes it with its error. */
  record PutAside() implements InPlace {}
}
