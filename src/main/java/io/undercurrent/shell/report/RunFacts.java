package io.undercurrent.shell.report;

import static java.util.stream.Collectors.joining;

import io.undercurrent.command.KnobView;
import io.undercurrent.history.Action;
import io.undercurrent.history.Execution;
import io.undercurrent.history.Run;
import io.undercurrent.quarantine.Quarantine;
import io.undercurrent.queue.Pause;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.CountText;
import io.undercurrent.shell.view.StatusLine;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** When a run ran, by whom and where, and how it ended. */
final class RunFacts {

  private final Reported reported;
  private final Run run;
  private final Times times;
  private final Map<String, String> facts = new LinkedHashMap<>();

  RunFacts(Reported reported, Times times) {
    this.reported = reported;
    this.run = reported.run();
    this.times = times;
  }

  /** Labels with what is to say about each. */
  Map<String, String> all() {
    facts.put("update", "%s, run %d".formatted(run.update(), run.number()));
    facts.put("job", run.job());
    facts.put("database", "%s: %s".formatted(reported.database(), reported.server()));
    outcome();
    facts.put("queued", times.local(run.queuedAt()) + ", " + startedBy());
    facts.put("started", times.local(run.startedAt()));
    facts.put("ended", times.local(run.endedAt()));
    if (run.startedAt() != null && run.endedAt() != null) {
      var length = Duration.between(run.startedAt(), run.endedAt());
      facts.put(
          "took",
          "%s, of which its executions lasted %s"
              .formatted(Durations.human(length), Durations.human(run.working())));
    }
    facts.put("process", each(Execution::runner));
    facts.put("version", each(Execution::version));
    counts();
    set();
    return facts;
  }

  private void outcome() {
    facts.put(
        run.endedAt() == null ? "status" : "outcome",
        run.endedWithQuarantine() ? Quarantine.COMPLETED : run.status().name());
    var progress = reported.detail().progress();
    if (run.endedAt() == null && progress != null) {
      facts.put("state", StatusLine.state(progress.state()));
      facts.put(
          "why",
          reported.detail().reasons().stream()
              .map(hold -> times.sentences().of(reported.database(), hold))
              .collect(joining("\n")));
    }
  }

  private String startedBy() {
    return reported.actions().stream()
        .filter(action -> action.action().equals("start"))
        .findFirst()
        .map(RunFacts::words)
        .orElse("by itself or by SQL: no operator is on record");
  }

  private static String words(Action action) {
    return "by %s (%s, %s)".formatted(action.operator(), action.cameBy(), action.address());
  }

  private String each(Function<Execution, @Nullable String> fact) {
    var words =
        reported.executions().stream()
            .map(fact)
            .filter(Objects::nonNull)
            .distinct()
            .collect(joining(", "));
    return words.isEmpty() ? "not recorded" : words;
  }

  private void counts() {
    facts.put("items", CountText.figures(run));
    facts.put("changed", run.changed() == null ? "unknown" : Numbers.of(run.changed(), "row"));
    facts.put("restarts", Numbers.grouped(run.restarts()));
    facts.put(
        "quarantine",
        run.quarantined() == 0 ? "no row" : CountText.quarantine(run.quarantined(), run.update()));
    if (run.warning() != null) {
      facts.put("warning", run.warning());
    }
    facts.put("last error", run.lastError() == null ? "none" : run.lastError());
  }

  /** What is set and what is paused; of what was, the actions say it. */
  private void set() {
    if (run.endedAt() != null) {
      return;
    }
    var knobs =
        reported.knobs().stream()
            .filter(knob -> knob.set() != null)
            .map(RunFacts::words)
            .collect(joining("\n"));
    facts.put("set", knobs.isEmpty() ? "nothing: the job file holds" : knobs);
    var pauses =
        reported.pauses().stream()
            .filter(pause -> pause.update() == null || pause.update().equals(run.update()))
            .map(this::words)
            .collect(joining("\n"));
    facts.put("paused", pauses.isEmpty() ? "no" : pauses);
  }

  private static String words(KnobView knob) {
    var set = Objects.requireNonNull(knob.set());
    return "%s=%s by %s%s"
        .formatted(
            knob.knob().word(),
            set.value(),
            set.by(),
            set.reason() == null ? "" : ": " + set.reason());
  }

  private String words(Pause pause) {
    return "%ssince %s by %s%s%s"
        .formatted(
            pause.update() == null ? "all updates, " : "",
            times.local(pause.pausedAt()),
            pause.author(),
            pause.until() == null ? "" : " until " + times.local(pause.until()),
            pause.reason() == null ? "" : ": " + pause.reason());
  }
}
