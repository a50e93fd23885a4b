package io.undercurrent.shell.language;

import java.util.List;

/** The headings that help lists verbs under. */
public final class Groups {

  public static final String WATCH = "Watch";
  public static final String WORK = "Work";
  public static final String TRY = "Try it out";
  public static final String CONSOLE = "Console";

  /** What looks comes before what changes something. */
  static final List<String> ORDER = List.of(WATCH, WORK, TRY, CONSOLE);

  private Groups() {}
}
