package io.undercurrent.shell.verb;

import io.undercurrent.history.Filter;
import io.undercurrent.history.History;
import io.undercurrent.history.Run;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.Names;
import io.undercurrent.shell.language.Since;
import io.undercurrent.shell.language.UsageException;
import io.undercurrent.shell.screen.Confirmation;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Table.Column;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.ActionsView;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.CountText;
import io.undercurrent.shell.view.Newest;
import io.undercurrent.shell.view.PurgeView;
import io.undercurrent.shell.view.RunJson;
import io.undercurrent.shell.view.TimesText;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code history}: what ran, how often it was restarted, what it counted, how it ended. */
@Component
final class HistoryVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;
  private final Clock clock;
  private final Confirmation confirmation;

  HistoryVerb(Backend backend, Screen screen, Times times, Clock clock, Confirmation confirmation) {
    this.clock = clock;
    this.confirmation = confirmation;
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "history",
      group = Groups.WATCH,
      description = "Past and present runs, the newest first",
      help =
          """
          For one update it shows all figures, for all updates a line per run. With
          --sql it prints the query instead, to be adapted in psql; the view
          undercurrent.update_history has the same rows. With --actions it shows what
          was changed, and UPDATE may also be a job or the label of a token. With
          --time it shows what each run has spent its time on.

          history purge removes runs that ended before a time, what Spring Batch knows
          of them, and older records of changes, in short transactions. Without
          --before it takes undercurrent.history.retention, which also has runners
          purge once a day. The newest run of each update stays. (An update of that
          name is meant by --update purge.)

          Example:
            history
            history populate_stats_process_rooms --limit 3
            history --failed --since 7d
            history --since 2026-11-21 --sql | psql
            history --actions --since 7d
            history --time
            history purge --before 90d --dry-run""")
  void history(
      @Argument(index = 0, description = "the update, all without it; or purge")
          @Nullable String update,
      @Option(longName = "update", description = "the same, for scripts") @Nullable String name,
      @Option(longName = "since", description = "queued since a time, or in the last 2h or 7d")
          @Nullable String since,
      @Option(longName = "failed", description = "only runs that failed at least once")
          boolean failed,
      @Option(longName = "limit", description = "how many runs at most", defaultValue = "10")
          Integer limit,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "sql", description = "print the query over the batch tables") boolean sql,
      @Option(longName = "actions", description = "who changed what instead of runs")
          boolean actions,
      @Option(longName = "time", description = "what runs have spent their time on") boolean time,
      @Option(longName = "before", description = "purge what ended before a time, or 90d ago")
          @Nullable String before,
      @Option(longName = "dry-run", description = "only say what purge would remove")
          boolean dryRun,
      @Option(longName = "yes", description = "purge without being asked") boolean yes,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json)
      throws InterruptedException {
    if (Names.PURGE.equals(update)) {
      requireOne("purge", true, "--update", name != null);
      requireOne("purge", true, "--since", since != null);
      requireOne("purge", true, "--failed", failed);
      requireOne("purge", true, "--sql", sql);
      requireOne("purge", true, "--actions", actions);
      requireOne("purge", true, "--time", time);
      purge(backend.database(database), before, dryRun, yes, json);
      return;
    }
    requirePurge("--before", before != null);
    requirePurge("--dry-run", dryRun);
    requirePurge("--yes", yes);
    var meant = meant(update, name);
    requireOne("--sql", sql, "--json", json);
    requireOne("--sql", sql, "--actions", actions);
    requireOne("--failed", failed, "--actions", actions);
    requireOne("--time", time, "--actions", actions);
    requireOne("--time", time, "--sql", sql);
    var earliest = since == null ? null : Since.of("--since", since, times.zone(), clock.instant());
    var filter = new Filter(meant, earliest, failed, limit);
    if (sql) {
      screen.out().println(History.sql(filter) + ";");
      return;
    }
    var asked = backend.database(database);
    var history = backend.history(asked);
    if (actions) {
      new ActionsView(screen, times).show(history, filter, asked, json);
      return;
    }
    var runs = history.runs(filter);
    if (json) {
      JsonOutput.print(screen, runs.stream().map(RunJson::of).toList());
    } else if (runs.isEmpty()) {
      screen.say(nothing(asked, filter));
    } else {
      if (time) {
        TimesText.print(runs, times, screen);
        screen.out().flush();
      } else {
        show(runs, meant == null);
      }
      Newest.say(screen, runs.size(), limit, () -> history.count(filter));
    }
  }

  private void purge(
      String database, @Nullable String before, boolean dryRun, boolean yes, boolean json)
      throws InterruptedException {
    var view = new PurgeView(backend.updates(), screen, times, confirmation);
    if (dryRun) {
      view.rehearse(database, until(before), json);
    } else {
      view.purge(database, until(before), yes, json);
    }
  }

  private Instant until(@Nullable String before) {
    return before == null
        ? clock
            .instant()
            .minus(
                backend
                    .updates()
                    .retention()
                    .orElseThrow(
                        () ->
                            new UsageException(
                                "history purge: expected --before, such as --before 90d, because undercurrent.history.retention is not set")))
        : Since.of("--before", before, times.zone(), clock.instant());
  }

  private static void requirePurge(String option, boolean given) {
    if (given) {
      throw new UsageException("%s: expected history purge with it".formatted(option));
    }
  }

  private void show(List<Run> runs, boolean briefly) {
    if (briefly) {
      list(runs);
    } else {
      detail(runs);
    }
    screen.out().flush();
  }

  private static @Nullable String meant(@Nullable String update, @Nullable String named) {
    if (update != null && named != null && !update.equals(named)) {
      throw new UsageException(
          "expected one update, got '%s' and --update '%s'".formatted(update, named));
    }
    return update == null ? named : update;
  }

  private static void requireOne(String left, boolean isLeft, String right, boolean isRight) {
    if (isLeft && isRight) {
      throw new UsageException("expected %s or %s, got both".formatted(left, right));
    }
  }

  private String nothing(String database, Filter filter) {
    if (filter.update() != null) {
      backend.updates().requireKnown(database, filter.update());
    }
    return filter.since() == null && !filter.failed()
        ? "%s on %s yet."
            .formatted(
                filter.update() == null ? "Nothing has run" : filter.update() + " has not run",
                database)
        : "No such run was found on %s.".formatted(database);
  }

  /** A line for each run. */
  void list(List<Run> runs) {
    var jobs = runs.stream().map(Run::job).distinct().toList();
    var table = table(runs, true);
    if (table.fits(screen)
        || jobs.size() > 1
        || runs.stream().anyMatch(run -> run.job().equals(run.update()))) {
      table.print(screen);
    } else {
      // Names are worth the room.
      table(runs, false).print(screen);
      screen.say("All are of the job %s.".formatted(jobs.get(0)));
    }
    runs.stream().filter(run -> run.warning() != null).forEach(this::warn);
  }

  /** What is the same is said once: the job of its only update, the changed rows. */
  private Table table(List<Run> runs, boolean showsJob) {
    var showsChanged = runs.stream().anyMatch(HistoryVerb::changedOtherRows);
    var columns = new ArrayList<Column>();
    columns.add(Table.time(times.column("STARTED", runs.stream().map(Run::startedAt))));
    columns.add(Table.name("UPDATE"));
    if (showsJob) {
      columns.add(Table.name("JOB"));
    }
    columns.addAll(List.of(Table.number("RUN"), Table.text("STATUS"), Table.number("ITEMS")));
    if (showsChanged) {
      columns.add(Table.number("CHANGED"));
    }
    var showsQuarantine = runs.stream().anyMatch(run -> run.quarantined() > 0);
    if (showsQuarantine) {
      columns.add(Table.number("QUARANTINE"));
    }
    columns.add(Table.number("TOOK"));
    var table = new Table(columns.toArray(Column[]::new));
    for (var run : runs) {
      var begun = run.startedAt() != null;
      var cells = new ArrayList<>(List.of(times.brief(run.startedAt()), run.update()));
      if (showsJob) {
        cells.add(run.job().equals(run.update()) ? "same" : run.job());
      }
      cells.add(String.valueOf(run.number()));
      cells.add(run.status().name());
      cells.add(begun ? items(run) : "-");
      if (showsChanged) {
        cells.add(begun ? changedRows(run) : "-");
      }
      if (showsQuarantine) {
        cells.add(Numbers.grouped(run.quarantined()));
      }
      cells.add(begun ? Durations.human(run.working()) : "-");
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  /** {@code 20,000}, or {@code 1,000 of 20,000}. */
  private static String items(Run run) {
    var items = Numbers.grouped(run.matching());
    return run.filtered() == 0 ? items : items + " of " + Numbers.grouped(run.read());
  }

  private static boolean changedOtherRows(Run run) {
    return run.read() > 0 && run.changed() != null && run.changed() != run.matching();
  }

  private static String changedRows(Run run) {
    return run.changed() == null ? "-" : Numbers.grouped(run.changed());
  }

  private void warn(Run run) {
    screen.out().println();
    new DescriptionList()
        .add("update", "%s, run %d".formatted(run.update(), run.number()))
        .add("warning", String.valueOf(run.warning()))
        .print(screen);
  }

  /** All figures of each run. */
  void detail(List<Run> runs) {
    for (var i = 0; i < runs.size(); i++) {
      if (i > 0) {
        screen.out().println();
      }
      detail(runs.get(i));
    }
  }

  private void detail(Run run) {
    var facts =
        new DescriptionList()
            .add("update", run.update())
            .add("run", "%d, of the job %s".formatted(run.number(), run.job()))
            .add("status", run.status() + exit(run))
            .add("queued", times.local(run.queuedAt()))
            .add("started", times.local(run.startedAt()))
            .add("ended", times.local(run.endedAt()))
            .add("took", took(run))
            .add("items", CountText.figures(run))
            .add("changed", changed(run))
            .add("chunks", chunks(run));
    if (run.quarantined() > 0) {
      facts.add("quarantine", CountText.quarantine(run.quarantined(), run.update()));
    }
    if (run.warning() != null) {
      facts.add("warning", run.warning());
    }
    if (run.lastError() != null) {
      facts.add("last error", run.lastError());
    }
    facts.print(screen);
  }

  private static String exit(Run run) {
    return run.exitCode() == null || run.exitCode().equals(run.status().name())
        ? ""
        : ", exit code " + run.exitCode();
  }

  private static String took(Run run) {
    return "%s, %s"
        .formatted(Durations.human(run.working()), Numbers.of(run.restarts(), "restart"));
  }

  private static String changed(Run run) {
    return run.changed() == null ? "not known" : Numbers.of(run.changed(), "row");
  }

  private static String chunks(Run run) {
    return "%s committed, %s rolled back"
        .formatted(Numbers.grouped(run.commits()), Numbers.grouped(run.rollbacks()));
  }
}
