package io.undercurrent.shell.system;

import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.Version;
import io.undercurrent.shell.screen.Screen;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code version}: which Undercurrent this is. */
@Component
public final class VersionVerb {

  private final Screen screen;

  VersionVerb(Screen screen) {
    this.screen = screen;
  }

  @Command(
      name = Version.VERB,
      group = Groups.CONSOLE,
      description = "Which Undercurrent this is, and what it runs on",
      help =
          """
          It needs no database. --version does the same on the command line.

          Example:
            version
            version --json""")
  void version(@Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    Version.ofThisProcess().print(screen, json);
  }
}
