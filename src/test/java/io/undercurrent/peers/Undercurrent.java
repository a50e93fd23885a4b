package io.undercurrent.peers;

import io.undercurrent.database.Database;
import io.undercurrent.testing.JobEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Undercurrent, with a job file of {@code update} or {@code delete}, 100 ms for an iteration, and
 * no sleep in between. The time is that of the run, as its metadata has it.
 */
final class Undercurrent implements Contender {

  static final String NAME = "peers";
  private static final Duration LIMIT = Duration.ofMinutes(15);

  private final Database database;
  private final Path directory;
  private final int lanes;

  Undercurrent(Database database, Path directory, int lanes) {
    this.database = database;
    this.directory = directory;
    this.lanes = lanes;
  }

  @Override
  public String name() {
    return lanes == 1 ? "Undercurrent" : "Undercurrent, %d lanes".formatted(lanes);
  }

  @Override
  public double seconds(Workload workload) throws Exception {
    Files.writeString(directory.resolve(NAME + ".yaml"), workload.job(NAME, lanes));
    var iterations = new Iterations();
    try (var engine = new JobEngine(JobEngine.jobs(directory), iterations.controller(), database)) {
      engine.updates.start(database.name(), NAME);
      engine.run().awaitEmptyQueue(LIMIT);
    }
    var seconds = lastRun(database);
    System.out.printf(
        Locale.ROOT,
        "%s, %s: %.2f s, %.2f s of it in iterations, %d rolled back, %% of the target: %s%n",
        workload.name(),
        name(),
        seconds,
        iterations.seconds(),
        iterations.rolledBack(),
        Iterations.words(iterations.all()));
    return seconds;
  }

  /** How many seconds the last run took, over all its executions. */
  static double lastRun(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT extract(epoch FROM max(end_time) - min(start_time))
              FROM undercurrent.batch_job_execution
             WHERE job_instance_id = (SELECT max(job_instance_id)
                                        FROM undercurrent.batch_job_instance)""")
        .query(Double.class)
        .single();
  }
}
