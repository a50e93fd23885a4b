package io.undercurrent.runner;

import io.undercurrent.chunk.UpdateCheck;
import io.undercurrent.database.Database;
import io.undercurrent.job.JobFile;
import io.undercurrent.job.Jobs;
import io.undercurrent.job.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Parses job files and prepares their SQL on a database. */
record JobCheck(Jobs jobs, Database database) {

  CheckReport check(@Nullable String name) {
    var checked = new ArrayList<String>();
    var problems = new ArrayList<>(name == null ? jobs.problems() : jobs.problems(name));
    var notes = new ArrayList<String>();
    if (name != null && problems.isEmpty()) {
      jobs.get(name);
    }
    try (var pool = database.pool("undercurrent check", 1, "")) {
      var updates = new UpdateCheck(new JdbcTemplate(pool));
      for (var job : jobs.all()) {
        if (name == null || name.equals(job.name())) {
          checked.add(job.name());
          check(updates, job, problems, notes);
        }
      }
    }
    return new CheckReport(List.copyOf(checked), List.copyOf(problems), List.copyOf(notes));
  }

  private static void check(
      UpdateCheck updates, JobFile job, List<String> problems, List<String> notes) {
    @Nullable String maker = null;
    for (var update : job.updates()) {
      for (var problem : updates.check(update, job.values())) {
        var place = "%s:%d: update '%s': ".formatted(job.source(), problem.line(), update.name());
        if (maker != null && problem.missing()) {
          notes.add(
              place + "can be checked when '%s' has run: %s".formatted(maker, problem.message()));
        } else {
          problems.add(place + problem.message());
        }
      }
      if (update.work() instanceof Work.Run) {
        maker = update.name();
      }
    }
  }
}
