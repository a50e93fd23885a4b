package io.undercurrent.shell.language;

/** A command that is written wrongly; the message says how it should be written. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
