package io.undercurrent.command;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.job.JobFile;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.kind.UpdateCheck.Seriousness;
import io.undercurrent.kind.UpdateDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Parses job files and prepares their SQL on a database. */
public final class JobCheck {

  private final Jobs jobs;
  private final Database database;
  private final Beans beans;
  private final List<String> checked = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, String> later = new HashMap<>();

  public JobCheck(Jobs jobs, Database database, Beans beans) {
    this.jobs = jobs;
    this.database = database;
    this.beans = beans;
  }

  public CheckReport check(@Nullable String name) {
    try (var connection =
        new SingleConnectionDataSource(database.connect("undercurrent check"), true)) {
      var jdbc = new JdbcTemplate(connection);
      jdbc.execute("SET lock_timeout = '2s'");
      jdbc.execute(SessionSettings.PIN);
      problems.addAll(unsafeSettings(jdbc));
      if (name == null) {
        checkAll(jdbc);
      } else {
        problems.addAll(check(jdbc, name));
      }
    }
    return new CheckReport(
        List.copyOf(checked), List.copyOf(problems), List.copyOf(notes), List.copyOf(warnings));
  }

  /** The updates that could not be checked yet, with when they can be and why. */
  Map<String, String> later() {
    return later;
  }

  private List<String> unsafeSettings(JdbcTemplate jdbc) {
    return jdbc.queryForList("SELECT " + SessionSettings.UNSAFE_SETTING, String.class).stream()
        .filter(Objects::nonNull)
        .map(sentence -> "Database '%s': %s".formatted(database.name(), sentence))
        .toList();
  }

  private void checkAll(JdbcTemplate jdbc) {
    for (var job : jobs.names()) {
      var found = check(jdbc, job);
      if (jobs.isShipped(job) && !found.isEmpty()) {
        // They are for a homeserver's database; another kind of database is no mistake.
        notes.add(
            "Job '%s' comes with Undercurrent, and does not fit '%s' as it is configured. See why with: check %s"
                .formatted(job, database.name(), job));
      } else {
        problems.addAll(found);
      }
    }
  }

  private List<String> check(JdbcTemplate jdbc, String name) {
    var found = new ArrayList<>(jobs.problems(name));
    if (found.isEmpty()) {
      checked.add(name);
      check(jdbc, jobs.get(name), found);
    }
    return found;
  }

  private void check(JdbcTemplate jdbc, JobFile job, List<String> found) {
    var planned = plan(jdbc, job);
    var unmade = planned.stream().anyMatch(Found::own) && !database.isPrepared(job.needs());
    var rehearsed =
        unmade
            ? new Rehearsal(database, jdbc).with(job.needs(), () -> plan(jdbc, job))
            : Optional.of(planned);
    rehearsed.ifPresentOrElse(
        all -> all.forEach(each -> report(each, each.maker(), found)),
        () -> planned.forEach(each -> report(each, makerOfUnmade(each), found)));
  }

  private List<Found> plan(JdbcTemplate jdbc, JobFile job) {
    var updates = new UpdateCheck(jdbc, job.values(), beans);
    return job.updates().stream()
        .flatMap(
            update ->
                updates.check(update).stream().map(problem -> new Found(job, update, problem)))
        .toList();
  }

  private Optional<String> makerOfUnmade(Found found) {
    return found
        .maker()
        .or(
            () ->
                found.own()
                    ? Optional.of("a job has been started on '%s'".formatted(database.name()))
                    : Optional.empty());
  }

  private void report(Found each, Optional<String> maker, List<String> found) {
    if (maker.isPresent()) {
      if (!each.isOfItsOwnMaking()) {
        later.putIfAbsent(
            each.update().name(), "when %s: %s".formatted(maker.get(), each.message()));
      }
      notes.add(each.place() + "can be checked when %s: %s".formatted(maker.get(), each.message()));
    } else if (each.problem().seriousness() == Seriousness.WARNING) {
      warnings.add(each.place() + each.message());
    } else {
      found.add(each.place() + each.message());
    }
  }

  /** A problem with the update that has it. */
  private record Found(JobFile job, UpdateDefinition update, Problem problem) {

    boolean own() {
      return problem.own();
    }

    /** What will mend it, if an earlier update of the job will. */
    Optional<String> maker() {
      return isOfItsOwnMaking()
          ? Optional.of("its statements before have run")
          : Optional.ofNullable(problem.maker()).map("'%s' has run"::formatted);
    }

    /** Whether an earlier statement of the same update will. */
    boolean isOfItsOwnMaking() {
      return update.name().equals(problem.maker());
    }

    String place() {
      return "%s:%d: update '%s': ".formatted(job.source(), problem.line(), update.name());
    }

    String message() {
      return own()
          ? Changelog.bringing(problem.message())
              .filter(part -> part != Changelog.ENGINE && part != job.needs())
              .map(
                  part ->
                      "%s. It comes with 'needs: %s' at the top of the file"
                          .formatted(problem.message(), part.word()))
              .orElse(problem.message())
          : problem.message();
    }
  }
}
