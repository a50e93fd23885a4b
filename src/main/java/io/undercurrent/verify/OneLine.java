package io.undercurrent.verify;

/** Texts of any length for a message. */
final class OneLine {

  private static final int LONGEST = 200;

  private OneLine() {}

  static String of(String text) {
    return of(text, LONGEST);
  }

  static String of(String text, int longest) {
    var line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
  }
}
