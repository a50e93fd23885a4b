package io.undercurrent.shell;

import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code version}: which Undercurrent this is. */
@Component
final class VersionVerb {

  static final String NAME = "version";

  private final Screen screen;
  private final Times times;

  VersionVerb(Screen screen, Times times) {
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = NAME,
      group = Groups.CONSOLE,
      description = "Which Undercurrent this is, and what it runs on",
      help =
          """
          It needs no database. --version does the same on the command line.

          Example:
            version
            version --json""")
  void version(@Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var version = Version.ofThisProcess();
    if (json) {
      Json.print(screen, version);
      return;
    }
    new Facts()
        .add("undercurrent", version.version() == null ? "not packaged" : version.version())
        .add("built", times.local(version.builtAt()))
        .add("java", version.java())
        .add("postgresql driver", version.postgresqlDriver())
        .print(screen);
  }
}
