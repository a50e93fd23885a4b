package io.undercurrent.shell.language;

/** The exit codes of verbs. */
public final class ExitCode {

  public static final int DONE = 0;
  static final int REFUSED = 1;
  static final int MISUSED = 2;
  public static final int FOUND = 3;
  public static final int QUARANTINE = 4;
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
