package io.undercurrent.shell.verb;

import io.undercurrent.command.KnobView;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.screen.DescriptionList;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.view.Backend;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code set} and {@code get}: how an update runs, changed while it is queued. */
@Component
final class KnobVerbs {

  private final Backend backend;
  private final Screen screen;
  private final Times times;

  KnobVerbs(Backend backend, Screen screen, Times times) {
    this.backend = backend;
    this.screen = screen;
    this.times = times;
  }

  @Command(
      name = "set",
      group = Groups.WORK,
      description = "Change how a queued update runs",
      help =
          """
          target is how long a chunk is to take, from 1ms to 1m; max how many items it
          has at most; sleep how long each iteration is waited for, up to 1h: in place
          of the built-in controller's sleep, or before a module is asked; lanes how
          many chunks are worked on at a time, from 1 to 32.
          It holds from the next iteration on, over restarts, in whichever process runs
          the updates, until the update leaves the queue. lanes=default takes it back.
          Of several, all are set or none is.

          Example:
            set fill_titles lanes=4
            set fill_titles target=250ms max=20000 sleep=2s
            set fill_titles lanes=1 sleep=5s --reason "the morning's load"
            set fill_titles lanes=default""")
  void set(
      @Argument(index = 0, description = "the update") String update,
      @Argument(index = 1, description = "what to change, and its value; several may follow")
          List<String> setting,
      @Option(longName = "reason", description = "why, for others to read") @Nullable String reason,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database) {
    var name = backend.database(database);
    backend.updates().setKnobs(name, update, setting, reason).stream()
        .map(knob -> sentence(name, update, knob))
        .forEach(screen::tell);
  }

  private static String sentence(String database, String update, KnobView knob) {
    return knob.set() == null
        ? "%s of %s on %s is what the job file says: %s."
            .formatted(knob.knob().word(), update, database, knob.otherwise())
        : "%s of %s on %s is %s, from the next iteration on. Take it back with: set %2$s %1$s=default"
            .formatted(knob.knob().word(), update, database, knob.value());
  }

  @Command(
      name = "get",
      group = Groups.WATCH,
      description = "What can be set of an update, and what is",
      help =
          """
          Example:
            get fill_titles
            get fill_titles --json""")
  void get(
      @Argument(index = 0, description = "the update") String update,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var knobs = backend.updates().knobs(backend.database(database), update);
    if (json) {
      JsonOutput.print(screen, knobs.stream().map(KnobJson::of).toList());
    } else {
      var list = new DescriptionList();
      knobs.forEach(knob -> list.add(knob.knob().word(), words(knob)));
      list.print(screen);
    }
  }

  private String words(KnobView knob) {
    var set = knob.set();
    if (set == null) {
      return knob.otherwise();
    }
    return "%s, set by %s at %s%s%s"
        .formatted(
            set.value(),
            set.by(),
            times.local(set.at()),
            knob.defined() ? "; otherwise " + knob.otherwise() : "",
            set.reason() == null ? "" : ": " + set.reason());
  }

  /** The stable form of a knob. */
  private record KnobJson(
      String name,
      @Nullable String value,
      @Nullable String file,
      @Nullable String setBy,
      @Nullable String reason,
      @Nullable Instant setAt) {

    static KnobJson of(KnobView knob) {
      var set = knob.set();
      return set == null
          ? new KnobJson(knob.knob().word(), knob.value(), knob.file(), null, null, null)
          : new KnobJson(
              knob.knob().word(), knob.value(), knob.file(), set.by(), set.reason(), set.at());
    }
  }
}
