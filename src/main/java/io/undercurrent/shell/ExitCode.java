package io.undercurrent.shell;

/** What a verb leaves to the caller of the command line. */
final class ExitCode {

  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int MISUSED = 2;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
