package io.undercurrent.command;

import io.undercurrent.database.Database;
import io.undercurrent.database.ReadOnly;
import io.undercurrent.database.RefusedException;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.UnleasedSession;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.job.JobFile;
import io.undercurrent.job.Jobs;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.kind.UpdateDefinition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Tries the updates of a job on a database, and leaves nothing behind. */
public final class JobDryRun {

  private final JobFile job;
  private final Database database;
  private final RunnerContext context;
  private final List<String> warnings;
  private final Map<String, String> later;

  private JobDryRun(
      JobFile job,
      Database database,
      RunnerContext context,
      List<String> warnings,
      Map<String, String> later) {
    this.job = job;
    this.database = database;
    this.context = context;
    this.warnings = warnings;
    this.later = later;
  }

  /**
   * Checks the job.
   *
   * @throws CheckFailedException if that finds problems
   * @throws RefusedException if the server accepts no writes
   */
  static JobDryRun of(Jobs jobs, String name, Database database, RunnerContext context) {
    var job = jobs.get(name);
    refuseReadOnly(database);
    var check = new JobCheck(jobs, database, context.beans());
    var report = check.check(name);
    if (!report.problems().isEmpty()) {
      throw new CheckFailedException(
          "Job '%s' cannot be tried on '%s':\n%s"
              .formatted(name, database.name(), String.join("\n", report.problems())));
    }
    return new JobDryRun(job, database, context, report.warnings(), check.later());
  }

  /** What is tried is written, before it is rolled back. */
  private static void refuseReadOnly(Database database) {
    try (var session =
        new SingleConnectionDataSource(database.connect("undercurrent check"), true)) {
      new JdbcTemplate(session)
          .queryForList("SELECT " + ReadOnly.CAUSE, String.class).stream()
              .map(ReadOnly::sentence)
              .filter(Objects::nonNull)
              .forEach(
                  sentence -> {
                    throw new RefusedException(
                        "Database '%s': %s".formatted(database.name(), sentence));
                  });
    }
  }

  /** What the check warns of, such as locks that statements hold; each with file and line. */
  public List<String> warnings() {
    return warnings;
  }

  /** The updates, in order. */
  public List<UpdateDefinition> updates() {
    return job.updates();
  }

  /**
   * Tries an update.
   *
   * @param tried hears of each chunk
   * @throws InterruptedException if the thread is interrupted; nothing stays then either
   */
  public DryRun run(UpdateDefinition update, Consumer<TriedChunk> tried)
      throws InterruptedException {
    var missing = later.get(update.name());
    return missing == null
        ? UnleasedSession.dryRun(database, context, new DefinedUpdate(job, update), tried)
        : DryRun.explained(List.of("It can be tried " + missing));
  }
}
