package io.undercurrent.database;

import org.jspecify.annotations.Nullable;

/**
 * Something that was asked for cannot be done; the message says what was expected, what was found,
 * and the way out. Not a defect: callers show the message without a stack trace.
 */
public class RefusedException extends RuntimeException {

  public RefusedException(String message) {
    super(message);
  }

  public RefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
