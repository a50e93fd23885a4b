package io.undercurrent.shell.language;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;

/**
 * Completes verbs, their arguments, options and the values of these.
 *
 * <p>Stands in for Spring Shell 4.0.1's completer, which knows no arguments.
 */
public final class VerbCompleter implements Completer {

  /** JLine asks first whether a list is to be shown that leaves no room for the prompt. */
  private static final int LINES_AROUND = 2;

  private final Verbs verbs;
  private final Names names;
  private final IntSupplier height;

  /**
   * Makes a completer.
   *
   * @param height how many lines the terminal has now
   */
  public VerbCompleter(Verbs verbs, Names names, IntSupplier height) {
    this.height = height;
    this.verbs = verbs;
    this.names = names;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    var before = line.words().subList(0, line.wordIndex());
    if (before.isEmpty()) {
      var described = height.getAsInt() > verbs.stream().count() + LINES_AROUND;
      verbs.stream()
          .map(verb -> candidate(verb, described, candidates.size()))
          .forEach(candidates::add);
      return;
    }
    var database = database(line.words());
    verbs
        .named(before.get(0))
        .map(verb -> words(verb, before.subList(1, before.size()), line.word(), database))
        .orElse(Stream.empty())
        .map(Candidate::new)
        .forEach(candidates::add);
  }

  /** The one that the line is about, wherever it says so. */
  private static @Nullable String database(List<String> words) {
    var option = words.indexOf("--database");
    return option < 0 || option + 1 == words.size() ? null : words.get(option + 1);
  }

  private static Candidate candidate(Verb verb, boolean described, int place) {
    var name = verb.getName();
    var description = described ? verb.getDescription() : null;
    return new Candidate(name, name, null, description, null, null, true, place);
  }

  private Stream<String> words(
      Verb verb, List<String> before, String word, @Nullable String database) {
    var valueOf = before.isEmpty() ? null : option(verb, before.get(before.size() - 1));
    if (valueOf != null && !valueOf.isFlag()) {
      return names.of(verb, valueOf, database);
    }
    return word.startsWith("-") ? options(verb, before) : arguments(verb, before, database);
  }

  private static @Nullable Parameter option(Verb verb, String word) {
    return verb.options().stream()
        .filter(option -> word.equals("--" + option.name()))
        .findFirst()
        .orElse(null);
  }

  private static Stream<String> options(Verb verb, List<String> before) {
    return Stream.concat(
            verb.options().stream().map(option -> "--" + option.name()), Stream.of("--help"))
        .filter(option -> !before.contains(option));
  }

  private Stream<String> arguments(Verb verb, List<String> before, @Nullable String database) {
    return verb.argument(given(verb, before))
        .map(argument -> names.of(verb, argument, database))
        .orElseGet(() -> options(verb, before));
  }

  /** How many of the words are arguments. */
  private static int given(Verb verb, List<String> before) {
    var given = 0;
    for (var i = 0; i < before.size(); i++) {
      var option = option(verb, before.get(i));
      if (option != null && !option.isFlag()) {
        i++;
      } else if (!before.get(i).startsWith("-")) {
        given++;
      }
    }
    return given;
  }
}
