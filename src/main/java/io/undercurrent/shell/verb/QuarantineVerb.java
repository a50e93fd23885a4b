package io.undercurrent.shell.verb;

import io.undercurrent.command.QuarantineCommands;
import io.undercurrent.command.ReplayTally;
import io.undercurrent.database.RefusedException;
import io.undercurrent.quarantine.QuarantineFilter;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.UsageException;
import io.undercurrent.shell.language.WishStandsException;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.WaitNotice;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.Newest;
import io.undercurrent.shell.view.QuarantineView;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** {@code quarantine}: the rows on which updates have failed, and what to do about them. */
@Component
final class QuarantineVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;
  private final Clock clock;
  private final Confirmation confirmation;

  QuarantineVerb(
      Backend backend, Screen screen, Times times, Clock clock, Confirmation confirmation) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
    this.clock = clock;
    this.confirmation = confirmation;
  }

  @Command(
      name = "quarantine",
      group = Groups.WORK,
      description = "Rows that updates have put aside: list, replay or drop",
      help =
          """
          Without replay or drop it lists rows, those that were tried last first.
          replay tries the rows of an update's last run again, as its job file is now,
          each in a transaction of its own; what succeeds leaves the quarantine, also a
          row that is gone or does not match any more. A later run has done the keys of
          an earlier one for itself, so rows of that need --run. The exit code is 1 if
          a row has failed again.
          drop forgets rows; on the command line it needs --confirm UPDATE.
          A key of several columns is a JSON array: --key '["!r:server", "@ann"]'

          Example:
            quarantine
            quarantine fill_titles --run 2 --limit 100
            quarantine replay fill_titles
            quarantine replay fill_titles --key 4711
            quarantine drop fill_titles --confirm fill_titles""")
  void quarantine(
      @Argument(index = 0, description = "replay or drop; or the update to list, all without it")
          @Nullable String what,
      @Argument(index = 1, description = "the update, after replay or drop")
          @Nullable String update,
      @Option(longName = "key", description = "the one row with this key") @Nullable String key,
      @Option(longName = "run", description = "only rows of this run") @Nullable Integer run,
      @Option(longName = "confirm", description = "drop without asking: the update once more")
          @Nullable String name,
      @Option(longName = "limit", description = "how many to list at most", defaultValue = "20")
          Integer limit,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "json", description = "the list as JSON, for scripts") boolean json)
      throws InterruptedException {
    var changes = "replay".equals(what) || "drop".equals(what);
    refuse(json && changes, "--json: expected no replay and no drop, which list nothing");
    refuse(name != null && !"drop".equals(what), "--confirm: expected drop, which asks otherwise");
    refuse(
        update != null && !changes,
        "WHAT: expected replay or drop before an update, got '%s'".formatted(what));
    var asked = backend.database(database);
    var about = new Asked(asked, backend.updates().quarantine(asked), changes ? update : what);
    if (!changes) {
      list(about, about.meant(key, run), limit, json);
      return;
    }
    refuse(update == null, "UPDATE: expected an update: quarantine %s UPDATE".formatted(what));
    if (about.commands.runs(about.name()).isEmpty()) {
      nothing(about);
    } else if ("drop".equals(what)) {
      drop(about, about.found(about.meant(key, run)), name);
    } else {
      replay(about, about.found(about.ofLastRun(about.meant(key, run))));
    }
  }

  private static void refuse(boolean isSenseless, String problem) {
    if (isSenseless) {
      throw new UsageException(problem);
    }
  }

  private void list(Asked about, QuarantineFilter filter, int limit, boolean json) {
    var rows = about.commands.list(filter, limit);
    if (json) {
      new QuarantineView(screen, times).json(rows, about.commands::definition);
    } else if (rows.isEmpty()) {
      nothing(about);
    } else {
      var key =
          Optional.ofNullable(about.update)
              .flatMap(about.commands::definition)
              .map(defined -> defined.definition().work().key())
              .orElse(List.of());
      new QuarantineView(screen, times).list(rows, about.update, key);
      screen.out().flush();
      Newest.say(screen, rows.size(), limit, () -> about.commands.count(filter));
    }
  }

  private void nothing(Asked about) {
    if (about.update != null) {
      backend.updates().requireKnown(about.database, about.update);
    }
    screen.say(
        "No row%s is in quarantine on %s."
            .formatted(about.update == null ? "" : " of " + about.update, about.database));
  }

  @SuppressWarnings("try")
  private void replay(Asked about, QuarantineFilter filter) throws InterruptedException {
    var rows = Numbers.grouped(about.commands.count(filter));
    var tally = new ReplayTally();
    var interrupted = false;
    try (var notice = new WaitNotice(screen, clock, "Trying %s rows again".formatted(rows))) {
      about.commands.replay(
          filter,
          about.name(),
          (row, outcome) -> {
            tally.accept(row, outcome);
            notice.because(
                "Trying %s of %s rows again".formatted(Numbers.grouped(tally.tried()), rows));
          });
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      screen.tell("%s on %s: %s.".formatted(about.name(), about.database, tally.words()));
    }
    if (interrupted) {
      throw new WishStandsException("Interrupted. The others are still in quarantine.");
    }
    if (tally.failed() > 0) {
      throw new RefusedException(
          "%s stayed in quarantine. See why with: quarantine %s"
              .formatted(Numbers.of(tally.failed(), "row"), about.name()));
    }
  }

  private void drop(Asked about, QuarantineFilter filter, @Nullable String name) {
    var rows = Numbers.of(about.commands.count(filter), "row");
    if (name == null) {
      confirmation.ask(
          "This forgets %s of %s in quarantine on %s, unprocessed."
              .formatted(rows, about.name(), about.database),
          about.name(),
          "--confirm " + about.name());
    } else {
      refuse(
          !name.equals(about.name()),
          "--confirm: expected '%s', got '%s'".formatted(about.name(), name));
    }
    var dropped = about.commands.drop(filter, about.name());
    screen.tell(
        "Dropped %s of %s from quarantine on %s."
            .formatted(Numbers.of(dropped, "row"), about.name(), about.database));
  }

  /** What the command is about. */
  private record Asked(String database, QuarantineCommands commands, @Nullable String update) {

    String name() {
      return String.valueOf(update);
    }

    /** The rows that the words name; a key as it is written, or as JSON if there is none such. */
    QuarantineFilter meant(@Nullable String key, @Nullable Integer run) {
      var number = run == null ? null : run.longValue();
      if (key == null) {
        return new QuarantineFilter(update, number, null);
      }
      var written = new QuarantineFilter(update, number, List.of(key));
      return commands.count(written) > 0
          ? written
          : new QuarantineFilter(update, number, parts(key));
    }

    private static List<String> parts(String key) {
      try {
        return JsonMapper.shared().readValue(key, new TypeReference<>() {});
      } catch (JacksonException e) {
        return List.of(key);
      }
    }

    /** Those of the last run, unless a run is named. */
    QuarantineFilter ofLastRun(QuarantineFilter filter) {
      var last = commands.lastRun(name());
      if (filter.run() != null || commands.runs(name()).containsKey(last)) {
        return filter.run() == null ? filter.ofRun(last) : filter;
      }
      var run = commands.runs(name()).lastKey();
      throw new RefusedException(
          "expected rows of run %1$d of '%2$s', its last one, found some of run %3$d. The last run does the same keys for itself; to try these rows once more: quarantine replay %2$s --run %3$d"
              .formatted(last, name(), run));
    }

    QuarantineFilter found(QuarantineFilter filter) {
      if (commands.count(filter) == 0) {
        throw new RefusedException(
            "No row of '%s'%s%s is in quarantine on '%s'. See those that are with: quarantine %s"
                .formatted(
                    name(),
                    filter.key() == null ? "" : " with the key " + filter.key(),
                    filter.run() == null ? "" : " of run " + filter.run(),
                    database,
                    name()));
      }
      return filter;
    }
  }
}
