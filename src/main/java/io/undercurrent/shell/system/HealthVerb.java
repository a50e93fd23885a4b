package io.undercurrent.shell.system;

import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code health}: what of a database's health holds its updates, or would. */
@Component
final class HealthVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;

  HealthVerb(Backend backend, Screen screen, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "health",
      group = Groups.WATCH,
      description = "Signs of how the database does, and what they hold",
      help =
          """
          Each signal is asked now, from this process, also those that are off. hold:
          above its threshold, no iteration begins until it is at 80 % of it or less.
          critical: the update in hand is paused. unknown: it cannot be read, which holds
          after a while. off: nothing holds. nothing: there is nothing to measure.
          Below are the holds that the process which runs the updates has noted.
          The thresholds are properties: undercurrent.health.SIGNAL.hold.
          The exit code is 3 if a signal that is on is above its threshold, or unknown.

          Example:
            health
            health --database master --json""")
  void health(
      @Option(longName = "database", description = "one database; all without it, or the main one")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    new HealthView(screen, times)
        .show(backend.databases(database), backend.updates()::health, json);
  }
}
