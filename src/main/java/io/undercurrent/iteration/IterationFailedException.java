package io.undercurrent.iteration;

import io.undercurrent.database.SqlFailure;
import org.jspecify.annotations.Nullable;

/** An iteration was rolled back; the message names the error and the keys that it happened at. */
public final class IterationFailedException extends RuntimeException {

  private final @Nullable String sqlState;
  private final boolean hopeless;

  IterationFailedException(Throwable failure, String place) {
    super(sentence(failure) + (place.isEmpty() ? "" : ", " + place), failure);
    this.sqlState = SqlFailure.of(failure).sqlState();
    this.hopeless = failure instanceof HopelessException;
  }

  private static String sentence(Throwable failure) {
    return failure instanceof HopelessException
        ? String.valueOf(failure.getMessage())
        : SqlFailure.of(failure).sentence();
  }

  /** The SQLSTATE of the error, or null if it did not come from the database. */
  public @Nullable String sqlState() {
    return sqlState;
  }

  /** Whether trying again is of no use until somebody has changed something. */
  public boolean hopeless() {
    return hopeless;
  }
}
