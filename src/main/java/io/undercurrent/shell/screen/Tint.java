package io.undercurrent.shell.screen;

import io.undercurrent.state.UpdateState;
import org.jline.utils.AttributedStyle;

/** The colours of states: green moves, yellow is held, red has failed. */
public enum Tint {
  NONE(AttributedStyle.WHITE),
  MOVING(AttributedStyle.GREEN),
  HELD(AttributedStyle.YELLOW),
  FAILED(AttributedStyle.RED);

  /** ECMA-48, "select graphic rendition": 30 to 37 choose a colour, 0 goes back. */
  private static final String COLOURED = "\u001b[3%dm%s\u001b[0m";

  private final int colour;

  Tint(int colour) {
    this.colour = colour;
  }

  /** The colour of a state. */
  public static Tint of(UpdateState state) {
    return switch (state) {
      case RUNNING -> MOVING;
      case HELD, PAUSED, DISABLED, READY -> HELD;
      case BACKING_OFF, GIVEN_UP, CYCLE, UNDEFINED, DEFINITION_CHANGED -> FAILED;
      case DEPENDENCY, WAITING, COMPLETED, CANCELLED -> NONE;
    };
  }

  public AttributedStyle style() {
    return this == NONE ? AttributedStyle.DEFAULT : AttributedStyle.DEFAULT.foreground(colour);
  }

  String paint(String text) {
    return this == NONE || text.isEmpty() ? text : COLOURED.formatted(colour, text);
  }
}
