package io.undercurrent.shell.system;

import io.undercurrent.sample.SampleHomeserver.Loaded;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.ProgressLine;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.view.Backend;
import java.time.Clock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code sample}: a homeserver's database to try jobs on. */
@Component
public final class SampleVerb {

  private final Backend backend;
  private final Screen screen;
  private final Clock clock;
  private final Confirmation confirmation;

  SampleVerb(Backend backend, Screen screen, Clock clock, Confirmation confirmation) {
    this.backend = backend;
    this.screen = screen;
    this.clock = clock;
    this.confirmation = confirmation;
  }

  @Command(
      name = "sample",
      group = Groups.TRY,
      description = "Make a sample homeserver to try jobs on",
      help =
          """
          It needs an empty database: the embedded server's, or another after asking.
          The rooms are made up; the same number makes the same rows.

          Example:
            sample
            sample --rooms 100000""")
  void sample(
      @Option(longName = "rooms", description = "how many rooms", defaultValue = "10000")
          Integer rooms,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "yes", description = "without asking") boolean yes)
      throws InterruptedException {
    var name = backend.database(database);
    if (!yes && !backend.databases().embedded()) {
      confirmation.ask("This makes the tables of a sample homeserver in " + name + ".", name);
    }
    tell(load(name, rooms));
  }

  private Loaded load(String database, int rooms) throws InterruptedException {
    var line = new ProgressLine(screen, clock);
    return new SampleLoading(backend.databases().get(database), line, clock).load(rooms);
  }

  private void tell(Loaded loaded) {
    var rows = loaded.rows().values().stream().collect(Collectors.summingLong(Long::longValue));
    screen
        .out()
        .println(
            "Made a homeserver of %s, %s in %s."
                .formatted(
                    Numbers.of(loaded.rooms(), "room"),
                    Numbers.of(rows, "row"),
                    Durations.human(loaded.duration())));
  }

  /** Makes the homeserver for a demonstration, unless there is one. */
  public void unlessThere(String database, int rooms) throws InterruptedException {
    var found =
        backend
            .databases()
            .get(database)
            .jdbc()
            .sql("SELECT to_regclass('public.current_state_events') IS NOT NULL")
            .query(Boolean.class)
            .single();
    if (found) {
      screen.say("The sample homeserver already exists.");
    } else {
      tell(load(database, rooms));
    }
  }
}
