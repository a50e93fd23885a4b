package io.undercurrent.shell;

import java.io.PrintWriter;
import java.util.function.IntSupplier;
import org.jline.utils.AttributedString;

/**
 * Where verbs write, and what it can show.
 *
 * @param out takes data
 * @param err takes everything else
 * @param columns how wide it is now
 * @param live whether somebody watches a line being redrawn
 * @param unicode whether it shows more than ASCII
 */
record Screen(
    PrintWriter out, PrintWriter err, IntSupplier columns, boolean live, boolean unicode) {

  static final int USUAL_WIDTH = 80;

  int width() {
    var width = columns.getAsInt();
    return width > 0 ? width : USUAL_WIDTH;
  }

  /** Says what is no data, in lines that fit where somebody is looking. */
  void say(String text) {
    var lines = live ? Facts.wrapped(text, width()) : text.lines().map(Screen::harmless).toList();
    lines.forEach(err::println);
    err.flush();
  }

  /** The text in that many columns at most, with an ellipsis where something is missing. */
  String cut(String text, int width) {
    var shown = new AttributedString(text);
    if (shown.columnLength() <= width) {
      return text;
    }
    var ellipsis = unicode ? "…" : "...";
    return width < ellipsis.length()
        ? ellipsis.substring(0, Math.max(0, width))
        : shown.columnSubSequence(0, width - ellipsis.length()) + ellipsis;
  }

  /** The text without the characters that would move the cursor or change colours. */
  static String harmless(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }

  /** How many columns the text takes. */
  static int columnsOf(String text) {
    return new AttributedString(text).columnLength();
  }
}
