package io.undercurrent.shell.language;

import io.undercurrent.database.DidYouMean;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandOption;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.ParsedInput;

/**
 * Takes a command apart and refuses what the verb does not know.
 *
 * <p>Stands in for Spring Shell 4.0.1's parser, which lets a flag swallow the word after it and
 * passes over unknown options.
 */
public final class StrictParser implements CommandParser {

  public static final String HELP = "help";

  private final Verbs verbs;

  StrictParser(Verbs verbs) {
    this.verbs = verbs;
  }

  /** A line as typed, with quotes. */
  @Override
  public ParsedInput parse(String line) {
    return parse(Words.of(line));
  }

  /**
   * Words as the command line gives them; {@code VERB --help} becomes {@code help VERB}.
   *
   * @throws UsageException if a word is not known or missing
   */
  ParsedInput parse(List<String> words) {
    var name = words.get(0);
    var verb = verbs.named(name).orElseThrow(() -> unknown(name));
    var parsing = new Parsing(verb, words.subList(1, words.size()));
    return parsing.help
        ? ParsedInput.builder()
            .commandName(HELP)
            .addArgument(new CommandArgument(0, verb.getName()))
            .build()
        : parsing.input();
  }

  private UsageException unknown(String name) {
    var problem = "Unknown verb '%s'%s".formatted(name, DidYouMean.hint(name, verbs.names()));
    return new UsageException(sentence(problem) + " All verbs: help");
  }

  static String sentence(String text) {
    return text.endsWith("?") ? text : text + ".";
  }

  /** The words after one verb, while they are taken apart. */
  private static final class Parsing {

    private final Verb verb;
    private final Deque<String> words;
    private final List<String> arguments = new ArrayList<>();
    private final List<CommandOption> options = new ArrayList<>();
    private boolean help;

    Parsing(Verb verb, List<String> words) {
      this.verb = verb;
      this.words = new ArrayDeque<>(words);
      while (!help && !this.words.isEmpty()) {
        next(this.words.pop());
      }
    }

    private void next(String word) {
      if (word.equals("--")) {
        arguments.addAll(words);
        words.clear();
      } else if (word.equals("--help") || word.equals("-h")) {
        help = true;
      } else if (word.startsWith("-") && word.length() > 1) {
        option(word);
      } else {
        arguments.add(word);
      }
    }

    private void option(String word) {
      var parts = word.split("=", 2);
      var option = known(parts[0]);
      var label = "--" + option.name();
      if (options.stream().anyMatch(given -> label.equals("--" + given.longName()))) {
        throw usage("%s is given twice".formatted(label));
      }
      if (option.isFlag() && parts.length == 2) {
        throw usage("%s takes no value, got '%s'".formatted(label, parts[1]));
      }
      options.add(
          CommandOption.with()
              .longName(option.name())
              .value(option.isFlag() ? "true" : parts.length == 2 ? parts[1] : value(option))
              .build());
    }

    private Parameter known(String word) {
      return verb.options().stream()
          .filter(option -> word.equals("--" + option.name()))
          .findFirst()
          .orElseThrow(
              () ->
                  usage(
                      "unknown option '%s'%s"
                          .formatted(word, DidYouMean.hint(word, optionNames()))));
    }

    private List<String> optionNames() {
      return verb.options().stream().map(option -> "--" + option.name()).toList();
    }

    private String value(Parameter option) {
      var next = words.peek();
      if (next == null || next.startsWith("-")) {
        throw usage(
            "--%s needs a value%s"
                .formatted(
                    option.name(),
                    next == null
                        ? ""
                        : "; one that begins with a dash is written --%s=%s"
                            .formatted(option.name(), next)));
      }
      return words.pop();
    }

    ParsedInput input() {
      var known = verb.arguments();
      if (!arguments.isEmpty() && verb.argument(arguments.size() - 1).isEmpty()) {
        throw usage("unexpected '%s'".formatted(arguments.get(known.size())));
      }
      known.stream()
          .skip(arguments.size())
          .filter(Parameter::required)
          .findFirst()
          .ifPresent(
              missing -> {
                throw usage("%s is missing".formatted(missing.placeholder()));
              });
      return checked(built());
    }

    private ParsedInput built() {
      var input = ParsedInput.builder().commandName(verb.getName());
      options.forEach(input::addOption);
      IntStream.range(0, arguments.size())
          .mapToObj(index -> new CommandArgument(index, arguments.get(index)))
          .forEach(input::addArgument);
      return input.build();
    }

    /** Turns every value into its type once, so that mistakes show before anything is done. */
    private ParsedInput checked(ParsedInput input) {
      try {
        verb.values(input);
        return input;
      } catch (UsageException e) {
        throw usage(e.getMessage());
      }
    }

    private UsageException usage(@Nullable String problem) {
      return new UsageException(
          "%s: %s Usage: %s"
              .formatted(verb.getName(), sentence(String.valueOf(problem)), verb.usage()));
    }
  }
}
