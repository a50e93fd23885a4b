package io.undercurrent.shell.verb;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.FullScreen;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Stopwatch;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.Tty;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.EndText;
import io.undercurrent.shell.view.WatchPage;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code watch}: what all databases do, second by second. */
@Component
final class WatchVerb {

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);

  private final Backend backend;
  private final Screen screen;
  private final Times times;
  private final Clock clock;
  private final StatusVerb status;
  private final Tty tty;

  WatchVerb(Backend backend, Screen screen, Times times, Clock clock, StatusVerb status, Tty tty) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
    this.clock = clock;
    this.status = status;
    this.tty = tty;
  }

  @Command(
      name = "watch",
      group = Groups.WATCH,
      description = "Live progress, whichever process runs the updates",
      help =
          """
          A page that is redrawn every second; p pauses and r resumes all updates of the
          databases that it shows, q leaves. The small columns are the durations of the
          last iterations in comparison.
          Without a terminal: a line a second for each update that runs, and one when a
          database's state changes. With --json, a line a second for each database, in
          the form of status --json.

          Example:
            watch
            watch --until-idle > progress.txt""")
  void watch(
      @Option(longName = "database", description = "one database; all without it")
          @Nullable String database,
      @Option(longName = "for", description = "when it ends by itself: 30s, 5m, 1h")
          @Nullable Duration time,
      @Option(longName = "until-idle", description = "end when nothing is left that could run")
          boolean untilIdle,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json)
      throws InterruptedException {
    var databases = backend.databases(database);
    var watch = new Stopwatch();
    BooleanSupplier goOn =
        () ->
            (time == null || watch.elapsed().compareTo(time) < 0)
                && !(untilIdle && databases.stream().allMatch(this::isIdle));
    var terminal = tty.find().filter(FullScreen::isPossible);
    if (json || terminal.isEmpty()) {
      print(databases, json, goOn);
    } else {
      new LiveWatch(backend, databases, screen, times, clock).show(terminal.get(), goOn);
    }
  }

  private boolean isIdle(String database) {
    try {
      return backend.updates().awaitIdle(database, Duration.ZERO);
    } catch (RefusedException | DataAccessException e) {
      // A database that is down may come back.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void print(List<String> databases, boolean json, BooleanSupplier goOn)
      throws InterruptedException {
    var last = new HashMap<String, String>();
    var next = new Stopwatch();
    for (var second = 1; ; second++) {
      databases.forEach(json ? this::printJson : name -> printLine(name, last));
      // The reader of a pipe may have gone, as head does.
      if (screen.out().checkError() || !goOn.getAsBoolean()) {
        return;
      }
      var pause = BETWEEN_LINES.multipliedBy(second).minus(next.elapsed());
      Thread.sleep(Math.max(0, pause.toMillis()));
    }
  }

  private void printJson(String database) {
    JsonOutput.printLine(screen, status.json(database));
  }

  /** A line where something moves, and where there is something new. */
  private void printLine(String database, Map<String, String> last) {
    var seen = backend.updates().status(database);
    var lastEnded = backend.lastEnded(seen).map(run -> EndText.last(run, times));
    var line = WatchPage.line(seen, lastEnded, times.sentences());
    var before = last.put(database, line);
    if (WatchPage.isRunning(seen) || !Objects.equals(line, before)) {
      screen.out().println(times.local(clock.instant()) + "  " + line);
    }
  }
}
