package io.undercurrent.shell.verb;

import io.undercurrent.json.LaneFigure;
import io.undercurrent.json.StatusJson;
import io.undercurrent.lease.RunnerView;
import io.undercurrent.queue.Pause;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.LaneFigures;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.Tint;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.ProgressDescription;
import io.undercurrent.shell.view.ProgressText;
import io.undercurrent.shell.view.StatusLine;
import io.undercurrent.status.DatabaseStatus;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.WorkerView;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code status}: what each database's queue is doing. */
@Component
final class StatusVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;

  StatusVerb(Backend backend, Screen screen, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "status",
      group = Groups.WATCH,
      description = "What runs, how far it is, and why nothing moves",
      help =
          """
          Example:
            status
            status --json | jq '.[0].current.percent'""")
  void status(
      @Option(longName = "database", description = "one database; all without it")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var names = backend.databases(database);
    if (json) {
      JsonOutput.print(screen, names.stream().map(this::json).toList());
      return;
    }
    for (var i = 0; i < names.size(); i++) {
      if (i > 0) {
        screen.out().println();
      }
      show(status(names.get(i)), backend.updates().workers(names.get(i)));
    }
  }

  /** The stable form of a database's status. */
  Object json(String database) {
    return StatusJson.of(status(database), backend.updates().workers(database));
  }

  static Object json(DatabaseStatus status) {
    return StatusJson.of(status, List.of());
  }

  private DatabaseStatus status(String database) {
    return backend.updates().status(database);
  }

  void show(DatabaseStatus status) {
    show(status, List.of());
  }

  private void show(DatabaseStatus status, List<WorkerView> workers) {
    var facts = new DescriptionList().add("database", status.database());
    if (status.problem() != null) {
      facts.add("problem", status.problem(), Tint.FAILED).print(screen);
      return;
    }
    facts.add("enabled", status.enabled() ? "yes" : "no", status.enabled() ? Tint.NONE : Tint.HELD);
    facts.add("runner", runner(status.runner()));
    status.currentUpdates().forEach(current -> addCurrent(facts, current));
    facts.add("queue", status.queued() == 0 ? "empty" : Numbers.of(status.queued(), "update"));
    workers.forEach(
        worker ->
            facts.add(
                "worker",
                "%s, %s, last seen %s: %s"
                    .formatted(
                        worker.name(),
                        Numbers.of(worker.lanes(), "lane"),
                        times.local(worker.lastSeen()),
                        worker.doing()),
                worker.alive() ? Tint.NONE : Tint.HELD));
    status.currentUpdates().stream()
        .filter(current -> !workers.isEmpty())
        .flatMap(
            current -> backend.updates().idleWorkers(status.database(), current.name()).stream())
        .forEach(idle -> facts.add("workers", idle));
    var reason = status.reason(times.sentences());
    if (reason != null) {
      facts.add("reason", reason);
    }
    if (!status.pauses().isEmpty()) {
      facts.add(
          "paused", status.pauses().stream().map(this::paused).collect(Collectors.joining("\n")));
    }
    facts.print(screen);
  }

  private String paused(Pause pause) {
    return "%s by %s, since %s%s%s"
        .formatted(
            pause.update() == null ? "all updates" : pause.update(),
            pause.author(),
            times.local(pause.pausedAt()),
            pause.until() == null ? "" : " until " + times.local(pause.until()),
            pause.reason() == null ? "" : ": " + pause.reason());
  }

  private String runner(@Nullable RunnerView runner) {
    if (runner == null) {
      return "none; updates run in the console, or with: run";
    }
    return "%s, since %s"
        .formatted(
            runner.thisProcess() ? "this process" : runner.owner(), times.local(runner.since()));
  }

  private void addCurrent(DescriptionList facts, CurrentUpdate current) {
    var state = StatusLine.state(current.state());
    facts.add("update", "%s, %s".formatted(current.name(), state), Tint.of(current.state()));
    var ofJob = current.ofJob() == null ? "" : "; " + ProgressText.ofJob(current.ofJob());
    facts.add("job", "%s, run %d%s".formatted(current.job(), current.run(), ofJob));
    if (current.kind() != null) {
      facts.add("kind", current.kind());
    }
    ProgressDescription.add(facts, current, times);
    for (var figure : LaneFigure.values()) {
      LaneFigures.add(facts, figure, current.work().workers());
    }
  }
}
