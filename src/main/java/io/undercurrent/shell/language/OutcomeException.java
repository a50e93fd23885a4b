package io.undercurrent.shell.language;

/** The end of a verb that has done what it was asked for; its exit code says what came of it. */
public final class OutcomeException extends RuntimeException {

  private final int exitCode;

  /**
   * An outcome.
   *
   * @param exitCode one of {@link ExitCode}
   * @param message a sentence
   */
  public OutcomeException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
