package io.undercurrent.shell.verb;

import io.undercurrent.command.CheckReport;
import io.undercurrent.command.Operator;
import io.undercurrent.database.RefusedException;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.shell.language.Groups;
import io.undercurrent.shell.language.UsageException;
import io.undercurrent.shell.screen.Durations;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.Numbers;
import io.undercurrent.shell.screen.Screen;
import io.undercurrent.shell.screen.Table;
import io.undercurrent.shell.screen.Table.Column;
import io.undercurrent.shell.screen.Times;
import io.undercurrent.shell.screen.WaitNotice;
import io.undercurrent.shell.view.Backend;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.shell.core.command.annotation.Argument;
import org.springframework.shell.core.command.annotation.Command;
import org.springframework.shell.core.command.annotation.Option;
import org.springframework.stereotype.Component;

/** {@code jobs}, {@code check} and {@code start}: what can be done, and having it done. */
@Component
final class JobVerbs {

  private final Backend backend;
  private final Screen screen;
  private final ObservedWishes wishes;
  private final Clock clock;
  private final Times times;

  JobVerbs(Backend backend, Screen screen, ObservedWishes wishes, Clock clock, Times times) {
    this.clock = clock;
    this.times = times;
    this.backend = backend;
    this.screen = screen;
    this.wishes = wishes;
  }

  @Command(
      name = "jobs",
      group = Groups.WATCH,
      description = "The jobs that can be started",
      help =
          """
          A job is a file in jobs/; its updates are queued together. NEXT is when a job
          whose file says every is queued again by itself, after its first start.

          Example:
            jobs""")
  void jobs(@Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var jobs = backend.updates().jobs();
    if (json) {
      var next = next(jobs);
      JsonOutput.print(screen, jobs.stream().map(job -> JobJson.of(job, next)).toList());
    } else if (jobs.isEmpty()) {
      screen.say("No job files were found.");
    } else {
      list(jobs);
    }
    var broken = backend.updates().brokenJobs();
    if (!broken.isEmpty()) {
      screen.say(
          "Cannot be started: %s. See what is wrong with: check"
              .formatted(String.join(", ", broken)));
    }
  }

  private void list(List<JobFile> jobs) {
    var recurs = jobs.stream().anyMatch(job -> every(job).isPresent());
    var next = next(jobs);
    var columns = new ArrayList<>(List.of(Table.name("JOB"), Table.number("UPDATES")));
    if (recurs) {
      columns.add(Table.text("EVERY"));
      columns.add(
          Table.time(
              times.column("NEXT", next.values().stream().flatMap(List::stream).map(Next::at))));
    }
    columns.add(Table.prose("DESCRIPTION"));
    var table = new Table(columns.toArray(Column[]::new));
    for (var job : jobs) {
      var cells = new ArrayList<>(List.of(job.name(), Numbers.grouped(job.updates().size())));
      if (recurs) {
        cells.add(every(job).map(Durations::human).orElse(""));
        cells.add(
            next.getOrDefault(job.name(), List.of()).stream()
                .map(Next::at)
                .min(Comparator.naturalOrder())
                .map(times::brief)
                .orElse(""));
      }
      cells.add(job.description() == null ? "" : job.description());
      table.row(cells.toArray(String[]::new));
    }
    table.print(screen);
  }

  private static Optional<Duration> every(JobFile job) {
    return job.updates().stream()
        .flatMap(update -> Optional.ofNullable(update.options().every()).stream())
        .findFirst();
  }

  /** When jobs are queued again by themselves, by their names; databases are asked if one is. */
  private Map<String, List<Next>> next(List<JobFile> jobs) {
    return jobs.stream().noneMatch(job -> every(job).isPresent())
        ? Map.of()
        : backend.databases(null).stream()
            .flatMap(database -> next(database).stream())
            .collect(Collectors.groupingBy(Next::job));
  }

  private List<Next> next(String database) {
    try {
      return backend.updates().schedules(database).stream()
          .map(schedule -> new Next(schedule.job(), database, schedule.dueAt()))
          .toList();
    } catch (RefusedException | DataAccessException e) {
      screen.say("What is due on %s is not known: %s".formatted(database, e.getMessage()));
      return List.of();
    }
  }

  private record Next(String job, String database, Instant at) {}

  @Command(
      name = "check",
      group = Groups.WATCH,
      description = "Check job files, and their SQL against a database",
      help =
          """
          Every statement is planned, none is executed. All problems are listed, each
          with its file and line; if there are any, the exit code is 1. Warnings alone
          leave it at 0.

          Example:
            check
            check regenerate_directory""")
  void check(
      @Argument(index = 0, description = "the job; all without it") @Nullable String job,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "json", description = "as JSON, for scripts") boolean json) {
    var name = backend.database(database);
    var report = checking(job == null ? "the jobs" : job, () -> backend.updates().check(name, job));
    if (json) {
      JsonOutput.print(screen, report);
    } else {
      show(report);
    }
    if (!report.problems().isEmpty()) {
      throw new RefusedException("Found " + Numbers.of(report.problems().size(), "problem") + ".");
    }
  }

  /** A check may read a whole table, to see that its key is never NULL. */
  @SuppressWarnings("try")
  private <T> T checking(String what, Supplier<T> check) {
    try (var notice = new WaitNotice(screen, clock, "Checking " + what)) {
      return check.get();
    }
  }

  private void show(CheckReport report) {
    report.problems().forEach(screen::tell);
    warnings(report.warnings()).forEach(screen::tell);
    report.notes().forEach(screen::say);
    if (report.problems().isEmpty()) {
      screen.say("No problems in %s.".formatted(Numbers.of(report.jobs().size(), "job")));
    }
  }

  private static List<String> warnings(List<String> warnings) {
    return warnings.stream().map(warning -> "Warning: " + warning).toList();
  }

  @Command(
      name = "start",
      group = Groups.WORK,
      description = "Queue a job's updates, all or none",
      help =
          """
          The job is checked first, and not queued if there are problems. To queue it
          all the same, give --unchecked with a reason, which history --actions shows.
          The console runs updates in the background; on the command line, run does.

          Example:
            start populate_stats_process_rooms""")
  void start(
      @Argument(index = 0, description = "the job") String job,
      @Option(longName = "database", description = "the database; the main one without it")
          @Nullable String database,
      @Option(longName = "unchecked", description = "why it is queued without a check")
          @Nullable String reason)
      throws InterruptedException {
    if (reason != null && reason.isBlank()) {
      throw new UsageException("expected a reason after --unchecked, got none");
    }
    var name = backend.database(database);
    var queued =
        reason == null
            ? checking(job, () -> backend.updates().start(name, job))
            : backend.updates().startUnchecked(name, job, reason, Operator.ofThisProcess());
    warnings(queued.warnings()).forEach(screen::say);
    screen.tell("Queued on %s: %s".formatted(name, String.join(", ", queued.updates())));
    var waiting = outsideOfTheirWindows(name, queued.updates());
    waiting.forEach(hold -> screen.say(times.sentences().named(name, hold)));
    if (waiting.stream().noneMatch(hold -> queued.updates().get(0).equals(hold.update()))) {
      screen.say(wishes.started(name, queued.updates()));
    }
  }

  private List<Hold> outsideOfTheirWindows(String database, List<String> updates) {
    return backend.updates().glance(database).updates().stream()
        .filter(update -> updates.contains(update.queued().name()))
        .flatMap(update -> update.holds().stream())
        .filter(hold -> hold.is(Kind.WINDOW))
        .toList();
  }

  /** The stable form of a job. */
  private record JobJson(
      String job,
      @Nullable String description,
      String source,
      List<String> updates,
      @Nullable Long everyMs,
      List<NextJson> next) {

    static JobJson of(JobFile job, Map<String, List<Next>> next) {
      return new JobJson(
          job.name(),
          job.description(),
          job.source(),
          job.updates().stream().map(UpdateDefinition::name).toList(),
          every(job).map(Duration::toMillis).orElse(null),
          next.getOrDefault(job.name(), List.of()).stream()
              .map(due -> new NextJson(due.database(), due.at()))
              .toList());
    }
  }

  /** When it is queued again by itself. */
  private record NextJson(String database, Instant at) {}
}
