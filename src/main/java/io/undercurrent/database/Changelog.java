package io.undercurrent.database;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A part of Undercurrent's schema in a target database, as a file in {@code db/} describes it. */
public enum Changelog {
  /** What every database has that Undercurrent works on. */
  ENGINE("db/changelog.yaml"),

  /** Functions and staging tables for the jobs that work on a Matrix homeserver's tables. */
  HOMESERVER("db/homeserver.yaml");

  private static final Pattern MADE =
      Pattern.compile("CREATE (?:TABLE|FUNCTION) undercurrent\\.(\\w+)");
  private static final Pattern NAMED = Pattern.compile("(?<![\\w.])undercurrent\\.(\\w+)");

  private final String file;

  Changelog(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }

  /** This part and those that it builds on, in the order in which they are made. */
  List<Changelog> all() {
    return Arrays.stream(values()).filter(part -> part == ENGINE || part == this).toList();
  }

  /** The words by which job files say what they need besides the engine's part. */
  public static List<String> words() {
    return Arrays.stream(values()).filter(part -> part != ENGINE).map(Changelog::word).toList();
  }

  /** The part of such a word. */
  public static Optional<Changelog> of(String word) {
    return Arrays.stream(values())
        .filter(part -> part != ENGINE && part.word().equals(word))
        .findFirst();
  }

  /** What {@code needs:} calls it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The part that brings a table or function which a sentence names. */
  public static Optional<Changelog> bringing(String sentence) {
    var names = NAMED.matcher(sentence).results().map(name -> name.group(1)).toList();
    return Arrays.stream(values()).filter(part -> names.stream().anyMatch(part::makes)).findFirst();
  }

  private boolean makes(String name) {
    return Changesets.of(this).stream()
        .flatMap(changeset -> MADE.matcher(changeset.sql()).results())
        .anyMatch(made -> made.group(1).equals(name));
  }
}
