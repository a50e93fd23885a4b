package io.undercurrent.shell.verb;

import io.undercurrent.history.Run;
import io.undercurrent.json.LaneFigure;
import io.undercurrent.quarantine.Quarantine;
import io.undercurrent.queue.KnobSetting;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.LaneFigures;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.shell.view.CountText;
import io.undercurrent.shell.view.DefinitionDescription;
import io.undercurrent.shell.view.DetailJson;
import io.undercurrent.shell.view.KeyNames;
import io.undercurrent.shell.view.ProgressDescription;
import io.undercurrent.shell.view.SlicesTable;
import io.undercurrent.shell.view.StatusLine;
import io.undercurrent.shell.view.TimesText;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.status.DatabaseStatus.CurrentUpdate;
import io.undercurrent.status.UpdateDetail;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code show}: everything about one update. */
@Component
final class ShowVerb {

  private final Backend backend;
  private final Screen screen;
  private final Times times;

  ShowVerb(Backend backend, Screen screen, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "show",
      group = Groups.WATCH,
      description = "Everything about one update: definition, run, position, pace",
      help =
          """
          For an update that is not queued, it shows the definition and the last run.
          Long statements are cut; --json has them whole.

          Example:
            show fill_titles
            show fill_titles --json | jq .position""")
  void show(
      @Argument(index = 0, description = "the update") String update,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var name = backend.database(database);
    var detail = backend.updates().show(name, update);
    if (json) {
      JsonOutput.print(screen, DetailJson.of(name, detail));
    } else {
      show(name, detail);
    }
  }

  void show(String database, UpdateDetail detail) {
    var lastRun = detail.lastRun();
    var progress = detail.progress();
    var state = progress == null ? "not queued" : StatusLine.state(progress.state());
    var facts = new DescriptionList().add("update", "%s on %s".formatted(detail.name(), database));
    facts.add("state", state);
    if (detail.defined() == null) {
      facts.add("definition", "none: " + whyUndefined(detail));
    } else {
      DefinitionDescription.add(facts, detail, detail.defined(), screen);
    }
    facts.add("last run", lastRun == null ? "none" : run(lastRun));
    if (progress != null) {
      addProgress(facts, detail, progress);
    } else if (lastRun != null) {
      facts.add("items", counts(lastRun));
      if (lastRun.changed() != null) {
        facts.add("changed", Numbers.of(lastRun.changed(), "row"));
      }
      if (lastRun.quarantined() > 0) {
        facts.add("quarantine", CountText.quarantine(lastRun.quarantined(), lastRun.update()));
      }
    }
    if (detail.dueAt() != null) {
      facts.add("next at", times.local(detail.dueAt()));
    }
    TimesText.of(detail.times()).ifPresent(spent -> facts.add("time", spent));
    if (lastRun != null) {
      facts.add("restarts", Numbers.grouped(lastRun.restarts()));
    }
    if (lastRun != null && lastRun.warning() != null) {
      facts.add("warning", lastRun.warning());
    }
    addError(facts, detail.queued(), lastRun);
    addReasons(facts, database, detail);
    backend
        .updates()
        .idleWorkers(database, detail.name())
        .ifPresent(idle -> facts.add("workers", idle));
    facts.print(screen);
    if (progress != null && progress.work().isCut()) {
      SlicesTable.print(progress.work(), screen);
    }
  }

  private static String whyUndefined(UpdateDetail detail) {
    return detail.reasons().stream()
        .filter(hold -> hold.is(Kind.BROKEN_FILE) && detail.name().equals(hold.update()))
        .map(hold -> String.valueOf(hold.what()))
        .findFirst()
        .orElse("no file in jobs/ defines it");
  }

  private String run(Run run) {
    return "%d, %s, queued %s%s"
        .formatted(
            run.number(),
            run.endedWithQuarantine() ? Quarantine.COMPLETED : run.status(),
            times.local(run.queuedAt()),
            run.endedAt() == null ? "" : ", ended " + times.local(run.endedAt()));
  }

  private static String counts(Run run) {
    return "%s in %s".formatted(CountText.figures(run), Durations.human(run.working()));
  }

  private void addProgress(DescriptionList facts, UpdateDetail detail, CurrentUpdate progress) {
    if (!isOneShot(detail)) {
      if (!progress.work().isCut()) {
        facts.add("position", position(detail));
      }
      if (detail.end() != null) {
        facts.add("ends with", key(detail, detail.end()));
      }
    }
    ProgressDescription.add(facts, progress, times);
    var chunk = detail.chunk();
    facts.add(
        "chunk size",
        chunk == null
            ? (isOneShot(detail)
                ? "none: a one-shot does all at once"
                : "none yet; the first has the default batch size")
            : "%s: %s".formatted(Numbers.grouped(chunk.size()), chunk.reason()));
    if (!detail.knobs().all().isEmpty()) {
      facts.add(
          "set",
          detail.knobs().all().stream().map(ShowVerb::set).collect(Collectors.joining(", ")));
    }
    // the chunk size has been said, with its reason
    for (var figure : EnumSet.complementOf(EnumSet.of(LaneFigure.CHUNK_SIZE))) {
      LaneFigures.add(facts, figure, progress.work().workers());
    }
  }

  private static String set(KnobSetting knob) {
    return "%s=%s by %s".formatted(knob.knob().word(), knob.value(), knob.by());
  }

  private static boolean isOneShot(UpdateDetail detail) {
    return detail.defined() != null && detail.defined().definition().work().isOneShot();
  }

  private static String position(UpdateDetail detail) {
    var position = detail.position();
    if (position == null) {
      return "before the first key";
    }
    return "after " + key(detail, position);
  }

  private static String key(UpdateDetail detail, List<String> key) {
    return KeyNames.of(detail, key).entrySet().stream()
        .map(part -> part.getKey() + " = " + part.getValue())
        .collect(Collectors.joining(", "));
  }

  private void addError(
      DescriptionList facts, @Nullable QueuedUpdate queued, @Nullable Run lastRun) {
    if (queued != null && queued.lastError() != null) {
      facts.add(
          "last error",
          "%s, %s: %s"
              .formatted(
                  times.local(queued.lastErrorAt()),
                  queued.failuresInRow() == 0
                      ? "recovered since"
                      : Numbers.of(queued.failuresInRow(), "failure") + " in a row",
                  queued.lastError()));
    } else if (lastRun != null && lastRun.lastError() != null) {
      facts.add("last error", lastRun.lastError());
    }
  }

  private void addReasons(DescriptionList facts, String database, UpdateDetail detail) {
    var sentences = times.sentences();
    var lines =
        detail.reasons().stream()
            .map(
                hold ->
                    detail.name().equals(hold.update())
                        ? sentences.of(database, hold)
                        : sentences.named(database, hold))
            .toList();
    if (!lines.isEmpty()) {
      facts.add(lines.size() == 1 ? "reason" : "reasons", String.join("\n", lines));
    }
  }
}
