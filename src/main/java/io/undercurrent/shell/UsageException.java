package io.undercurrent.shell;

/** A command that is written wrongly; the message says how it should be written. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
