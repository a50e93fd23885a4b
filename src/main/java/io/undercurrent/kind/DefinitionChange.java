package io.undercurrent.kind;

import static java.util.stream.Collectors.joining;

import io.undercurrent.kind.DefinitionPart.Form;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a definition says in another way than before.
 *
 * @param part which of its parts: {@code read.where}
 * @param before what it said, or null if it said nothing
 * @param after what it says now, or null if it says nothing
 */
public record DefinitionChange(
    String part, @Nullable DefinitionPart before, @Nullable DefinitionPart after) {

  private static final int MOST = 2;
  private static final int LONGEST = 60;

  /** So much of what both have in common is shown before the difference. */
  private static final int COMMON = 12;

  /**
   * Whether a run that has begun may go on with it: other SQL, another value or bean, but for the
   * same objects.
   */
  public boolean isAcceptable() {
    return Stream.of(before, after).allMatch(said -> said == null || !said.fixed());
  }

  /** Changes on one line: the first ones, shortened to where they begin. */
  public static String words(List<DefinitionChange> changes) {
    return changes.stream().limit(MOST).map(DefinitionChange::words).collect(joining("; "))
        + (changes.size() > MOST ? "; and %d more".formatted(changes.size() - MOST) : "");
  }

  private String words() {
    if (before != null && after != null && after.form() == Form.HASH) {
      return part + ": another value";
    }
    var old = before == null ? "nothing" : before.words();
    var now = after == null ? "nothing" : after.words();
    var from = before == null || after == null ? 0 : common(old, now);
    return "%s: %s → %s".formatted(part, excerpt(old, from), excerpt(now, from));
  }

  private static int common(String one, String other) {
    var most = Math.min(one.length(), other.length());
    var i = 0;
    while (i < most && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }

  private static int wordBefore(String text, int position) {
    return position <= 0 ? 0 : text.lastIndexOf(' ', position) + 1;
  }

  private static String excerpt(String text, int difference) {
    var start = text.length() <= LONGEST ? 0 : wordBefore(text, difference - COMMON);
    var end = Math.min(text.length(), start + LONGEST);
    return (start > 0 ? "... " : "")
        + text.substring(start, end)
        + (end < text.length() ? " ..." : "");
  }

  /** All that was said, in full, for the record. */
  public static String before(List<DefinitionChange> changes) {
    return lines(changes, DefinitionChange::before);
  }

  /** All that is said now, likewise. */
  public static String after(List<DefinitionChange> changes) {
    return lines(changes, DefinitionChange::after);
  }

  private static String lines(
      List<DefinitionChange> changes, Function<DefinitionChange, @Nullable DefinitionPart> side) {
    return changes.stream()
        .map(
            change -> {
              var said = side.apply(change);
              return change.part + ": " + (said == null ? "nothing" : said.words());
            })
        .collect(joining("\n"));
  }
}
