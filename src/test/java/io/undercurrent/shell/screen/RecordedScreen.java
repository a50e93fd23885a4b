package io.undercurrent.shell.screen;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A screen that keeps what is written to it. */
public final class RecordedScreen {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int width = 80;
  private boolean live;
  private boolean unicode = true;
  private boolean colours;

  public RecordedScreen wide(int width) {
    this.width = width;
    return this;
  }

  public RecordedScreen live() {
    this.live = true;
    return this;
  }

  public RecordedScreen coloured() {
    this.colours = true;
    return this;
  }

  public RecordedScreen ascii() {
    this.unicode = false;
    return this;
  }

  public Screen screen() {
    return new Screen(
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        () -> width,
        new Screen.Abilities(live, live, unicode, colours));
  }

  public void clear() {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
  }

  public String out() {
    return out.toString();
  }

  public String err() {
    return err.toString();
  }
}
