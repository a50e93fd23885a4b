package io.undercurrent.chunk;

import io.undercurrent.database.SqlFailure;
import org.jspecify.annotations.Nullable;

/** An iteration was rolled back; the message names the error and the keys that it happened at. */
public final class IterationFailedException extends RuntimeException {

  private final @Nullable String sqlState;

  IterationFailedException(Throwable failure, String place) {
    super(SqlFailure.of(failure).sentence() + (place.isEmpty() ? "" : ", " + place), failure);
    this.sqlState = SqlFailure.of(failure).sqlState();
  }

  /** The SQLSTATE of the error, or null if it did not come from the database. */
  public @Nullable String sqlState() {
    return sqlState;
  }
}
