package io.undercurrent.shell.system;

import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.Help;
import io.undercurrent.shell.language.StrictParser;
import io.undercurrent.shell.screen.Screen;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.stereotype.Component;

/** {@code help} and {@code quit}: finding one's way. */
@Component
public final class HelpVerb {

  private static final String QUIT = "quit";
  private static final String EXIT = "exit";
  private static final String QUESTION_MARK = "?";

  private final Help help;
  private final Screen screen;

  public HelpVerb(Help help, Screen screen) {
    this.help = help;
    this.screen = screen;
  }

  @Command(
      name = StrictParser.HELP,
      alias = QUESTION_MARK,
      group = Groups.CONSOLE,
      description = "What verbs there are, or what one of them does",
      help =
          """
          ? is another name of it.

          Example:
            help
            help start
            help exit-codes
            help errors
            help job-file create-index
            help json""")
  void help(
      @Argument(index = 0, description = "a verb, exit-codes, errors, job-file or json")
          @Nullable String topic,
      @Argument(index = 1, description = "after job-file: a kind of update")
          @Nullable String part) {
    if (topic == null) {
      help.overview(screen);
    } else {
      help.about(topic, part, screen);
    }
  }

  @Command(
      name = QUIT,
      alias = EXIT,
      group = Groups.CONSOLE,
      description = "Leave the console",
      help =
          """
          What runs here stops at the next iteration boundary, and goes on from there
          when it is run again. exit and Ctrl-D do the same.

          Example:
            quit""")
  void quit() {
    // The console and scripts leave by themselves; on the command line there is nothing to leave.
  }

  /** Whether a line leaves, rather than asks how to. */
  public static boolean isFarewell(String line) {
    return line.strip().equals(QUIT) || line.strip().equals(EXIT);
  }
}
