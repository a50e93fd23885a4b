package io.undercurrent.shell.verb;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.language.ExitCode;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.OutcomeException;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.ProgressLine;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code run}: runs the queued updates and shows their progress. */
@Component
final class RunVerb {

  private final Backend backend;
  private final Screen screen;
  private final Clock clock;
  private final Times times;

  RunVerb(Backend backend, Screen screen, Clock clock, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.clock = clock;
    this.times = times;
  }

  @Command(
      name = "run",
      group = Groups.WORK,
      description = "Run the queued updates and show their progress",
      help =
          """
          It ends when nothing is left that can run now; it does not wait for a time
          window to open. If another process runs the
          updates, it shows their progress and stands by.
          Ctrl-C stops at the next iteration boundary; the next run goes on from there.
          An index build is cut; the next run begins it again.
          At its end an update reports what it has changed, with a warning if that is
          nothing, or more rows than it had items.
          run gives up, and says why, if five attempts in a row cannot begin for a
          reason that does not pass by itself, such as a missing right.
          The exit code is 1 if an update is left that nothing will run: given up, not
          defined, its job file broken or changed, in a circle, waiting for swap, or
          after such a one. It is 1, too, if a database was down, or nothing could
          begin. It is 4 if all that ran was completed, but for rows that are in
          quarantine.

          Example:
            start populate_stats_process_rooms
            run""")
  void run(
      @Option(longName = "database", description = "one database; all without it")
          @Nullable String database)
      throws InterruptedException {
    var down = new TreeMap<String, String>();
    var up = new LinkedHashMap<String, QueueProgress>();
    for (var name : backend.databases(database)) {
      var progress = watch(name);
      backend.startRunner(name);
      var problem = backend.updates().glance(name).problem();
      if (problem == null) {
        up.put(name, progress);
      } else {
        down.put(name, problem);
      }
    }
    if (up.isEmpty()) {
      throw new RefusedException(String.join("\n", down.values()));
    }
    down.values().forEach(screen::say);
    for (var name : List.copyOf(up.keySet())) {
      tellWhoElseRuns(name);
      try {
        requireNonNull(up.get(name)).untilIdle();
      } catch (RefusedException e) {
        if (up.size() + down.size() == 1) {
          throw e;
        }
        screen.say(String.valueOf(e.getMessage()));
        up.remove(name);
        down.put(name, String.valueOf(e.getMessage()));
      }
    }
    up.keySet().forEach(this::tellRest);
    var left = up.keySet().stream().flatMap(this::stuck).toList();
    if (!left.isEmpty()) {
      throw new RefusedException(String.join("\n", left));
    }
    refuseDown(down.keySet());
    saysWhatIsInQuarantine(
        up.values().stream().flatMap(progress -> progress.quarantine().stream()).toList());
  }

  /**
   * The progress of a database's updates from now on; asked for before its runner starts, which may
   * complete some at once.
   */
  QueueProgress watch(String database) {
    try {
      backend.updates().prepare(database);
    } catch (RefusedException | DataAccessException e) {
      // The runner tries again, and knows what may pass.
    }
    return new QueueProgress(backend, database, screen, new ProgressLine(screen, clock), times)
        .begin();
  }

  private void tellWhoElseRuns(String database) {
    var runner = backend.updates().glance(database).runner();
    if (runner != null && !runner.thisProcess()) {
      screen.say(
          "%s runs the updates of %s. This process shows their progress, and takes over when that one ends."
              .formatted(runner.owner(), database));
    }
  }

  private static void refuseDown(Set<String> databases) {
    if (!databases.isEmpty()) {
      throw new RefusedException(
          "Not run: %s. See why with: databases".formatted(String.join(", ", databases)));
    }
  }

  private static void saysWhatIsInQuarantine(List<String> updates) {
    if (!updates.isEmpty()) {
      throw new OutcomeException(
          ExitCode.QUARANTINE,
          "Completed but for rows in quarantine: %s. See them with: quarantine UPDATE. Once the cause is fixed: quarantine replay UPDATE"
              .formatted(String.join(", ", updates)));
    }
  }

  private void tellRest(String database) {
    var rest = backend.updates().glance(database).aboutToRun();
    // What is stuck is said of each update.
    var reason = rest.stuck().isEmpty() ? rest.reason(times.sentences()) : null;
    if (rest.queued() == 0) {
      screen.say("The queue of %s is empty.".formatted(database));
    } else {
      screen.say(
          "%s left on %s%s"
              .formatted(
                  Numbers.of(rest.queued(), "update"),
                  database,
                  reason == null ? "." : ": " + reason));
    }
  }

  /** What is left that no runner will take, each with its reason. */
  private Stream<String> stuck(String database) {
    return backend.updates().glance(database).stuck().stream()
        .flatMap(view -> view.holds().stream().limit(1))
        .map(hold -> times.sentences().named(database, hold));
  }
}
