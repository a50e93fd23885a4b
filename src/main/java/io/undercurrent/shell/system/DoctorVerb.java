package io.undercurrent.shell.system;

import io.undercurrent.command.Operator;
import io.undercurrent.database.DidYouMean;
import io.undercurrent.doctor.Doctor;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.UsageException;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.view.Backend;
import org.jspecify.annotations.Nullable;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code doctor}: what is wrong around Undercurrent in a database, and mending it. */
@Component
final class DoctorVerb {

  private final Backend backend;
  private final Screen screen;

  DoctorVerb(Backend backend, Screen screen) {
    this.backend = backend;
    this.screen = screen;
  }

  @Command(
      name = "doctor",
      group = Groups.WATCH,
      description = "What is wrong around Undercurrent, each with its cure",
      help =
          """
          It looks for INVALID indexes, leases and executions of dead processes, stale
          pauses, updates without a file, a schema or settings of the role that are in
          the way, and what keeps vacuum from its work. That changes nothing and takes
          two seconds at most for a database.
          --fix NAME mends all findings of that name that it says it can mend, and is
          recorded: history --actions. It drops an INVALID index concurrently, lifts a
          pause of what is not queued, and takes over from a dead process, never from
          a live one.
          The exit code is 3 if there is a problem; a hint alone leaves it at 0.

          Example:
            doctor
            doctor --fix invalid-index""")
  void doctor(
      @Argument(index = 0, description = "one database; all without it") @Nullable String database,
      @Option(longName = "fix", description = "mend the findings of that name")
          @Nullable String fix,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var databases = backend.databases(database);
    if (fix == null) {
      new FindingsView(screen).show(databases, backend.updates()::examine, json);
      return;
    }
    requireKnown(fix);
    new FixesView(screen)
        .show(
            fix,
            databases,
            name -> backend.updates().fix(name, fix, Operator.ofThisProcess()),
            json);
  }

  private static void requireKnown(String name) {
    if (!Doctor.names().contains(name)) {
      throw new UsageException(
          "doctor: --fix: expected the name of a finding, got '%s'%s All names: %s"
              .formatted(name, hint(name), String.join(", ", Doctor.names())));
    }
  }

  private static String hint(String name) {
    var hint = DidYouMean.hint(name, Doctor.names());
    return hint.isEmpty() ? "." : hint;
  }
}
