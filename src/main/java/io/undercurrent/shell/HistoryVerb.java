package io.undercurrent.shell;

import io.undercurrent.history.Run;
import java.time.Instant;
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

  HistoryVerb(Backend backend, Screen screen, Times times) {
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
          Of one update all figures are shown, of several a line for each run.

          Example:
            history
            history populate_stats_process_rooms --limit 3
            history --actions""")
  void history(
      @Argument(index = 0, description = "the update; all without it") @Nullable String update,
      @Option(longName = "limit", description = "how many runs at most", defaultValue = "10")
          Integer limit,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "actions", description = "who changed what instead of runs")
          boolean actions,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var name = backend.database(database);
    var history = backend.history(name);
    if (actions) {
      new ActionsView(screen, times).show(history.actions(limit), name, json);
      return;
    }
    var runs = update == null ? history.runs(limit) : history.runsOf(update, limit);
    if (json) {
      Json.print(screen, runs.stream().map(RunJson::of).toList());
    } else if (runs.isEmpty()) {
      screen.say("%s ran on %s yet.".formatted(update == null ? "Nothing" : "No " + update, name));
    } else if (update == null) {
      list(runs);
    } else {
      detail(runs);
    }
  }

  /** A line for each run. */
  void list(List<Run> runs) {
    var table =
        new Table(
            Table.text("STARTED"),
            Table.text("UPDATE"),
            Table.number("RUN"),
            Table.text("STATUS"),
            Table.number("ITEMS"),
            Table.number("TOOK"));
    for (var run : runs) {
      table.row(
          times.brief(run.startedAt()),
          run.update(),
          String.valueOf(run.number()),
          run.status(),
          Numbers.grouped(run.read()),
          Durations.human(run.working()));
    }
    table.print(screen);
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
        new Facts()
            .add("update", run.update())
            .add("run", "%d, of the job %s".formatted(run.number(), run.job()))
            .add("status", run.status() + exit(run))
            .add("queued", times.local(run.queuedAt()))
            .add("started", times.local(run.startedAt()))
            .add("ended", times.local(run.endedAt()))
            .add("took", took(run))
            .add("items", items(run))
            .add("chunks", chunks(run));
    if (run.lastError() != null) {
      facts.add("last error", run.lastError());
    }
    facts.print(screen);
  }

  private static String exit(Run run) {
    return run.exitCode() == null || run.exitCode().equals(run.status())
        ? ""
        : ", exit code " + run.exitCode();
  }

  private static String took(Run run) {
    return "%s, %s"
        .formatted(Durations.human(run.working()), Numbers.of(run.restarts(), "restart"));
  }

  private static String items(Run run) {
    return "%s read, %s filtered, %s written"
        .formatted(
            Numbers.grouped(run.read()),
            Numbers.grouped(run.filtered()),
            Numbers.grouped(run.written()));
  }

  private static String chunks(Run run) {
    return "%s committed, %s rolled back"
        .formatted(Numbers.grouped(run.commits()), Numbers.grouped(run.rollbacks()));
  }

  /** The stable form of a run. */
  private record RunJson(
      String update,
      String job,
      long run,
      String status,
      Instant queuedAt,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      int restarts,
      long read,
      long filtered,
      long written,
      long commits,
      long rollbacks,
      long durationMs,
      @Nullable String exitCode,
      @Nullable String lastError) {

    static RunJson of(Run run) {
      return new RunJson(
          run.update(),
          run.job(),
          run.number(),
          run.status(),
          run.queuedAt(),
          run.startedAt(),
          run.endedAt(),
          run.restarts(),
          run.read(),
          run.filtered(),
          run.written(),
          run.commits(),
          run.rollbacks(),
          run.working().toMillis(),
          run.exitCode(),
          run.lastError());
    }
  }
}
