package io.undercurrent.failure;

import org.jspecify.annotations.Nullable;

/**
 * A bean that a job file names has thrown something. What it threw says nothing about the database
 * of the update, not even if it has an SQLSTATE.
 */
public final class BeanFailedException extends RuntimeException {

  /**
   * A failure of a bean.
   *
   * @param cause what it threw
   */
  public BeanFailedException(Throwable cause) {
    super(message(cause), cause);
  }

  private static String message(Throwable cause) {
    @Nullable String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
