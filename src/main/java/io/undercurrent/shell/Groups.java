package io.undercurrent.shell;

import java.util.List;

/** The headings that help lists verbs under. */
final class Groups {

  static final String WATCH = "Watch";
  static final String WORK = "Work";
  static final String TRY = "Try it out";
  static final String CONSOLE = "Console";

  /** What looks comes before what changes something. */
  static final List<String> ORDER = List.of(WATCH, WORK, TRY, CONSOLE);

  private Groups() {}
}
