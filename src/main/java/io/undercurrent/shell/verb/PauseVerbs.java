package io.undercurrent.shell.verb;

import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.view.Backend;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code pause} and {@code resume}: holding updates back. */
@Component
final class PauseVerbs {

  private final Backend backend;
  private final Screen screen;
  private final ObservedWishes wishes;

  PauseVerbs(Backend backend, Screen screen, ObservedWishes wishes) {
    this.backend = backend;
    this.screen = screen;
    this.wishes = wishes;
  }

  @Command(
      name = "pause",
      group = Groups.WORK,
      description = "Hold one update, or all, at an iteration boundary",
      help =
          """
          A pause survives restarts, and holds in whichever process runs the updates.

          Example:
            pause
            pause fill_titles --for 2h --reason "the nightly backup runs\"""")
  void pause(
      @Argument(index = 0, description = "the update; all without it") @Nullable String update,
      @Option(longName = "reason", description = "why, for others to read") @Nullable String reason,
      @Option(longName = "for", description = "when it ends by itself: 30m, 2h, 1d")
          @Nullable Duration time,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database)
      throws InterruptedException {
    screen.tell(wishes.pause(backend.database(database), update, reason, time));
  }

  @Command(
      name = "resume",
      group = Groups.WORK,
      description = "Let one update, or all, go on",
      help =
          """
          Pauses of single updates stay when all are resumed.

          Example:
            resume
            resume fill_titles""")
  void resume(
      @Argument(index = 0, description = "the update; all without it") @Nullable String update,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database)
      throws InterruptedException {
    screen.tell(wishes.resume(backend.database(database), update));
  }
}
