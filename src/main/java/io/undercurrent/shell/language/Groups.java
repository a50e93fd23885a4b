package io.undercurrent.shell.language;

/** The headings that help lists verbs under. */
public final class Groups {

  public static final String TRY = "Try it out";
  public static final String WATCH = "Watch";
  public static final String WORK = "Work";
  public static final String CONSOLE = "Console";

  private Groups() {}
}
