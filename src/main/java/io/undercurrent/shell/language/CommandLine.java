package io.undercurrent.shell.language;

import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Screens;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What stands on the command line.
 *
 * @param properties what configures Undercurrent, for Spring Boot: {@code --undercurrent.home=/x}
 * @param words the verb with its words; none opens the console
 * @param zone where the operator's clock is, whatever this process's default becomes
 */
public record CommandLine(List<String> properties, List<String> words, ZoneId zone) {

  /** The exit code of a start that was refused or failed; why has been said by then. */
  public static final int NOT_STARTED = ExitCode.REFUSED;

  /** What Undercurrent and Spring Boot read; an option with a dot in it is a mistake. */
  private static final Pattern PROPERTY =
      Pattern.compile("--(undercurrent|spring|logging|management|server)[.\\[]");

  /** The verb that serves HTTP. */
  public static final String SERVE = "serve";

  /** The verb that works on slices of other processes' runs. */
  public static final String WORKER = "worker";

  private static final String LOG_ON_TERMINAL = "--logging.threshold.console=info";

  /** Parts a program's arguments: properties begin as those of Boot do, options of verbs do not. */
  public static CommandLine of(String... arguments) {
    var words = Stream.of(arguments).filter(argument -> !isProperty(argument)).toList();
    var properties = new ArrayList<>(Stream.of(arguments).filter(CommandLine::isProperty).toList());
    if (!words.isEmpty()) {
      implied(words.get(0)).stream()
          .filter(implied -> properties.stream().noneMatch(given -> sameName(given, implied)))
          .forEach(properties::add);
    }
    return new CommandLine(properties, words, ZoneId.systemDefault());
  }

  /** Other verbs than serve serve no HTTP, even where the console does. */
  private static List<String> implied(String verb) {
    return switch (verb) {
      case SERVE -> List.of("--undercurrent.admin.enabled=true", LOG_ON_TERMINAL);
      case WORKER -> List.of("--undercurrent.admin.enabled=false", LOG_ON_TERMINAL);
      default -> List.of("--undercurrent.admin.enabled=false");
    };
  }

  private static boolean sameName(String given, String implied) {
    return given.split("=")[0].equals(implied.split("=")[0]);
  }

  private static boolean isProperty(String argument) {
    return PROPERTY.matcher(argument).lookingAt();
  }

  /** Whether it runs as a service does, and the log goes to the terminal. */
  public boolean serves() {
    return !opensConsole() && List.of(SERVE, WORKER).contains(words.get(0));
  }

  /** Whether the console is to open. */
  public boolean opensConsole() {
    return words.isEmpty();
  }

  /**
   * Answers what needs no database and no configuration: help, the version, and mistakes.
   *
   * @param verbs what there is to be helped with
   * @return the exit code, or empty if there is more to do
   */
  public OptionalInt answer(Verbs verbs) {
    return opensConsole() ? OptionalInt.empty() : answer(verbs, Screens.ofProcess());
  }

  OptionalInt answer(Verbs verbs, Screen screen) {
    try {
      return answered(verbs, screen) ? OptionalInt.of(ExitCode.DONE) : OptionalInt.empty();
    } catch (UsageException e) {
      screen.say(String.valueOf(e.getMessage()));
      return OptionalInt.of(ExitCode.MISUSED);
    } finally {
      screen.out().flush();
    }
  }

  private boolean answered(Verbs verbs, Screen screen) {
    var input = new StrictParser(verbs).parse(verb());
    switch (input.commandName()) {
      case StrictParser.HELP -> {
        var help = new Help(verbs);
        var words = input.arguments().stream().map(word -> word.value()).toList();
        if (words.isEmpty()) {
          help.overview(screen);
        } else {
          help.about(words.get(0), words.size() > 1 ? words.get(1) : null, screen);
        }
      }
      case Version.VERB -> Version.ofThisProcess().print(screen, !input.options().isEmpty());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** The words with a verb in the place of an option that programs usually have. */
  private List<String> verb() {
    if (words.equals(List.of("--help")) || words.equals(List.of("-h"))) {
      return List.of(StrictParser.HELP);
    }
    return words.get(0).equals("--version")
        ? Stream.concat(Stream.of(Version.VERB), words.stream().skip(1)).toList()
        : words;
  }
}
