package io.undercurrent.chunk;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** An iteration was rolled back; the message names the error and the keys that it happened at. */
public final class IterationFailedException extends RuntimeException {

  private final @Nullable String sqlState;

  IterationFailedException(Throwable failure, String place) {
    super(reason(failure) + (place.isEmpty() ? "" : " (" + place + ")"), failure);
    var sql = sqlException(failure);
    this.sqlState = sql == null ? null : sql.getSQLState();
  }

  /** The SQLSTATE of the error, or null if it did not come from the database. */
  public @Nullable String sqlState() {
    return sqlState;
  }

  private static String reason(Throwable failure) {
    var sql = sqlException(failure);
    if (sql != null) {
      return sql.getMessage() + " [SQLSTATE " + sql.getSQLState() + "]";
    }
    var message = failure.getMessage();
    return message == null ? failure.getClass().getName() : message;
  }

  static @Nullable SQLException sqlException(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
