package io.undercurrent.shell;

import io.undercurrent.queue.Pause;
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
  private final Times times;

  PauseVerbs(Backend backend, Screen screen, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
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
      @Option(longName = "reason", description = "why, for whoever looks later")
          @Nullable String reason,
      @Option(longName = "for", description = "when it ends by itself: 30m, 2h, 1d")
          @Nullable Duration time,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database) {
    var name = backend.database(database);
    var pause = backend.updates().pause(name, update, reason, author(), time);
    screen.out().println("Paused %s.".formatted(described(pause, name)));
  }

  private static String author() {
    return System.getProperty("user.name", "console");
  }

  private String described(Pause pause, String database) {
    var until = pause.until() == null ? "" : " until " + times.local(pause.until());
    return subject(pause.update()) + " on " + database + until;
  }

  private static String subject(@Nullable String update) {
    return update == null ? "all updates" : update;
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
          @Nullable String database) {
    var name = backend.database(database);
    var resumed = backend.updates().resume(name, update);
    screen
        .out()
        .println(
            resumed
                ? "Resumed %s on %s.".formatted(subject(update), name)
                : "No pause of %s was found on %s.".formatted(subject(update), name));
  }
}
