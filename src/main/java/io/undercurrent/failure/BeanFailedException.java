package io.undercurrent.failure;

import org.jspecify.annotations.Nullable;

/**
 * A bean that a job file names has failed. What it threw says nothing about the database of the
 * update, not even if it has an SQLSTATE.
 */
public final class BeanFailedException extends RuntimeException {

  /**
   * A bean that has thrown something.
   *
   * @param cause what that was
   */
  public BeanFailedException(String bean, Throwable cause) {
    this(bean, "failed: " + words(cause), cause);
  }

  /**
   * A bean that has done something that it should not.
   *
   * @param what what that was, as the end of a sentence
   */
  public BeanFailedException(String bean, String what, @Nullable Throwable cause) {
    super("bean '%s' %s".formatted(bean, what), cause);
  }

  private static String words(Throwable cause) {
    var type = cause.getClass().getSimpleName();
    @Nullable String message = cause.getMessage();
    return message == null || message.isBlank()
        ? type
        : type + ": " + message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
