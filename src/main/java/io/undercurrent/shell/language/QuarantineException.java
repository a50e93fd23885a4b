package io.undercurrent.shell.language;

/** What was asked for is done, but for rows that are in quarantine; the message says which. */
public final class QuarantineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public QuarantineException(String message) {
    super(message);
  }
}
