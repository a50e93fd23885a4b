package io.undercurrent.shell.screen;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** One line that says how far something is: redrawn on a terminal, repeated rarely elsewhere. */
public final class ProgressLine {

  private static final String CTRL_C_ECHO = "^C";
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final Screen screen;
  private final Clock clock;
  private Instant nextLine = Instant.MIN;
  private int drawn;

  public ProgressLine(Screen screen, Clock clock) {
    this.screen = screen;
    this.clock = clock;
  }

  /** Shows where things stand. */
  public void show(String text) {
    if (screen.live()) {
      redraw(text);
    } else if (!clock.instant().isBefore(nextLine)) {
      println(text);
      nextLine = clock.instant().plus(BETWEEN_LINES);
    }
  }

  /** Leaves the last word on the screen; what is shown next begins a new line. */
  public void end(String text) {
    clear();
    println(text);
    nextLine = Instant.MIN;
  }

  /** Takes the line away, so that something else can be written. */
  public void clear() {
    if (drawn > 0) {
      drawn += CTRL_C_ECHO.length();
      redraw("");
      screen.err().print("\r");
      screen.err().flush();
    }
  }

  private void redraw(String text) {
    // The last column stays free: a terminal may wrap there.
    var shown = screen.cut(Screen.harmless(text), screen.width() - 1);
    var columns = Screen.columnsOf(shown);
    screen.err().print("\r" + shown + " ".repeat(Math.max(0, drawn - columns)));
    screen.err().flush();
    drawn = columns;
  }

  private void println(String text) {
    screen.err().println(Screen.harmless(text));
    screen.err().flush();
  }
}
