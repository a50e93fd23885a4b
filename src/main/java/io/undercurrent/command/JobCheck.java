package io.undercurrent.command;

import io.undercurrent.database.Database;
import io.undercurrent.iteration.Beans;
import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.job.JobFile;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.UpdateCheck;
import io.undercurrent.kind.UpdateCheck.Problem;
import io.undercurrent.kind.UpdateCheck.Seriousness;
import java.util.ArrayList;
import java.util.List;
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
        // They are for a homeserver's database; that another one is none is nobody's mistake.
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
    var updates = new UpdateCheck(jdbc, job.values(), beans);
    for (var update : job.updates()) {
      for (var problem : updates.check(update)) {
        var place = "%s:%d: update '%s': ".formatted(job.source(), problem.line(), update.name());
        var maker = maker(problem);
        if (maker.isPresent()) {
          notes.add(place + "can be checked when %s: %s".formatted(maker.get(), problem.message()));
        } else if (problem.seriousness() == Seriousness.WARNING) {
          warnings.add(place + problem.message());
        } else {
          found.add(place + problem.message());
        }
      }
    }
  }

  private Optional<String> maker(Problem problem) {
    if (problem.maker() != null) {
      return Optional.of("'%s' has run".formatted(problem.maker()));
    }
    return problem.own() && !database.isPrepared()
        ? Optional.of("a job has been started on '%s'".formatted(database.name()))
        : Optional.empty();
  }
}
