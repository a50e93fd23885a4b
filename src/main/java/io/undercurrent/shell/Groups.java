package io.undercurrent.shell;

/** The headings that help lists verbs under. */
final class Groups {

  static final String TRY = "Try it out";
  static final String WATCH = "Watch";
  static final String WORK = "Work";
  static final String CONSOLE = "Console";

  private Groups() {}
}
