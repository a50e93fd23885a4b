package io.undercurrent.shell.screen;

import io.undercurrent.json.JsonText;

/** What scripts read. */
public final class JsonOutput {

  private JsonOutput() {}

  public static void print(Screen screen, Object value) {
    screen.out().println(JsonText.indented(value));
  }

  /** Prints one of many values, in a line of its own. */
  public static void printLine(Screen screen, Object value) {
    screen.out().println(JsonText.line(value));
  }
}
