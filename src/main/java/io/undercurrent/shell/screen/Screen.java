package io.undercurrent.shell.screen;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.function.IntSupplier;
import org.jline.utils.AttributedString;

/**
 * Where verbs write, and what it can show.
 *
 * @param out takes data
 * @param err takes everything else
 * @param columns how wide it is now
 * @param abilities what it can show
 */
public record Screen(PrintWriter out, PrintWriter err, IntSupplier columns, Abilities abilities) {

  /**
   * What a screen can show.
   *
   * @param live whether a person watches a line being redrawn
   * @param read whether a person reads the data, rather than a file or another program
   * @param unicode whether it shows more than ASCII
   * @param colours whether the data may be coloured
   */
  public record Abilities(boolean live, boolean read, boolean unicode, boolean colours) {

    /** Those of a screen that is never shown. */
    static final Abilities NONE = new Abilities(false, false, false, false);
  }

  static final int USUAL_WIDTH = 80;
  static final int WIDEST_CHARACTER = 2;

  /** A screen that is never shown. */
  public static Screen silent() {
    var nowhere = new PrintWriter(Writer.nullWriter());
    return new Screen(nowhere, nowhere, () -> USUAL_WIDTH, Abilities.NONE);
  }

  /** Whether a person watches a line being redrawn. */
  public boolean live() {
    return abilities.live();
  }

  public boolean unicode() {
    return abilities.unicode();
  }

  public int width() {
    var width = columns.getAsInt();
    return width > 0 ? width : USUAL_WIDTH;
  }

  /** Says what is not data, in lines that fit where a person reads it. */
  public void say(String text) {
    var lines =
        live()
            ? DescriptionList.wrapped(text, width())
            : text.lines().map(Screen::harmless).toList();
    lines.forEach(err::println);
    err.flush();
  }

  /** Reports what a verb has done: a sentence, in lines that fit where a person reads it. */
  public void tell(String text) {
    var lines = abilities.read() ? DescriptionList.wrapped(text, width()) : List.of(harmless(text));
    lines.forEach(out::println);
  }

  /** The text in a state's colour, if colours can be shown. */
  String paint(Tint tint, String text) {
    return abilities.colours() ? tint.paint(text) : text;
  }

  /** The text in that many columns at most, with an ellipsis where something is missing. */
  public String cut(String text, int width) {
    if (columnsOf(text) <= width) {
      return text;
    }
    var ellipsis = unicode() ? "…" : "...";
    return width < ellipsis.length()
        ? ellipsis.substring(0, Math.max(0, width))
        : beginning(text, width - ellipsis.length()) + ellipsis;
  }

  /** As {@link #cut}, but in the middle: names that begin alike stay apart. */
  String cutInside(String text, int width) {
    if (columnsOf(text) <= width) {
      return text;
    }
    var half = (width - 1) / 2;
    return cut(text, width - half) + end(text, half);
  }

  /** As much of the text's beginning as that many columns have room for. */
  static String beginning(String text, int width) {
    return new AttributedString(text).columnSubSequence(0, width).toString();
  }

  private static String end(String text, int width) {
    var start = text.length();
    while (start > 0 && columnsOf(text.substring(text.offsetByCodePoints(start, -1))) <= width) {
      start = text.offsetByCodePoints(start, -1);
    }
    return text.substring(start);
  }

  /** The text without the characters that would move the cursor or change colours. */
  public static String harmless(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  /** How many columns the text takes. */
  public static int columnsOf(String text) {
    return new AttributedString(text).columnLength();
  }
}
