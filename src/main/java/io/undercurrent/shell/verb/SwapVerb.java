package io.undercurrent.shell.verb;

import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.view.Backend;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code swap}: a converted column takes the old one's place. */
@Component
final class SwapVerb {

  private final Backend backend;
  private final Screen screen;
  private final Confirmation confirmation;

  SwapVerb(Backend backend, Screen screen, Confirmation confirmation) {
    this.backend = backend;
    this.screen = screen;
    this.confirmation = confirmation;
  }

  @Command(
      name = "swap",
      group = Groups.WORK,
      description = "Let a converted column take the old one's place",
      help =
          """
          For an update that says: waits for: swap. It locks the table against everybody
          for a moment, and drops the old column. The lock is tried for 200 ms at a time,
          for a minute. The console asks for the update's name first; the command line
          needs --yes.

          Example:
            swap builds_bigint
            swap builds_bigint --yes""")
  void swap(
      @Argument(index = 0, description = "the update") String update,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "yes", description = "without asking") boolean yes)
      throws InterruptedException {
    var name = backend.database(database);
    if (!yes && waits(name, update)) {
      confirmation.ask(
          "This drops the old column on %s, whose place the one of %s takes."
              .formatted(name, update),
          update);
    }
    screen.tell("Swapped on %s: %s.".formatted(name, backend.updates().swap(name, update)));
  }

  /** What does not wait for it is refused anyway, without a question. */
  private boolean waits(String database, String update) {
    return backend.updates().queue(database).stream()
        .filter(queued -> queued.waitsFor() != null)
        .map(QueuedUpdate::name)
        .anyMatch(update::equals);
  }
}
