package io.undercurrent.shell;

import io.undercurrent.database.RefusedException;
import io.undercurrent.queue.QueuedUpdate;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code run}: works the queue off before the operator's eyes. */
@Component
final class RunVerb {

  private final Backend backend;
  private final Screen screen;
  private final Clock clock;

  RunVerb(Backend backend, Screen screen, Clock clock) {
    this.backend = backend;
    this.screen = screen;
    this.clock = clock;
  }

  @Command(
      name = "run",
      group = Groups.WORK,
      description = "Work the queue off and look on",
      help =
          """
          It ends when nothing is left that can run.
          Ctrl-C stops at the next iteration boundary; the next run goes on from there.
          An index build is cut, and begun anew by the next run.
          The exit code is 1 if an update was given up.

          Example:
            start populate_stats_process_rooms
            run""")
  void run(
      @Option(longName = "database", description = "one database; all without it")
          @Nullable String database)
      throws InterruptedException {
    var names = backend.databases(database);
    names.forEach(backend::startRunner);
    for (var name : names) {
      new Watch(backend, name, screen, new ProgressLine(screen, clock)).untilIdle();
    }
    names.forEach(this::tellRest);
    refuseGivenUp(names);
  }

  private void tellRest(String database) {
    var rest = backend.updates().status(database);
    if (rest.queued() == 0) {
      screen.say("The queue of %s is empty.".formatted(database));
    } else {
      screen.say(
          "%s left on %s%s"
              .formatted(
                  Numbers.of(rest.queued(), "update"),
                  database,
                  rest.reason() == null ? "." : ": " + rest.reason()));
    }
  }

  private void refuseGivenUp(List<String> databases) {
    var givenUp =
        databases.stream()
            .flatMap(database -> backend.updates().queue(database).stream())
            .filter(QueuedUpdate::givenUp)
            .map(QueuedUpdate::name)
            .collect(Collectors.joining(", "));
    if (!givenUp.isEmpty()) {
      throw new RefusedException(
          "Given up: %s. The queue shows why; once it is mended: retry UPDATE".formatted(givenUp));
    }
  }
}
