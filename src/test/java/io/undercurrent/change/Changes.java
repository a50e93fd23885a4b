package io.undercurrent.change;

import static org.assertj.core.api.Assertions.fail;

import io.undercurrent.database.Database;
import io.undercurrent.job.JobFile;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Job files of one update called {@code change}, in chunks of 100, on one database. */
record Changes(Database database, Path directory) {

  private static final String CHUNKS = "    batch: {first: 100, min: 1, max: 100, target: 1m}\n";

  /** A job of one update with these lines. */
  JobFile job(String... lines) {
    write(lines);
    var jobs = JobEngine.jobs(directory);
    if (!jobs.problems("change").isEmpty()) {
      throw new IllegalStateException(String.join("\n", jobs.problems("change")));
    }
    return jobs.get("change");
  }

  void write(String... lines) {
    try {
      Files.writeString(
          directory.resolve("change.yaml"),
          "updates:\n  - name: change\n    " + String.join("\n    ", lines) + "\n" + CHUNKS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Engine engine(JobFile job) {
    return engine(job, new ScriptedController());
  }

  Engine engine(JobFile job, ScriptedController script) {
    return new Engine(database, script.controller(), job);
  }

  /** Runs a job to its end. */
  void run(String... lines) throws InterruptedException {
    try (var engine = engine(job(lines))) {
      finish(engine.queue("change"));
    }
  }

  /** Works until nothing moves, which is at its end unless something is wrong. */
  void finish(Engine engine) {
    engine.steps();
    engine.queue.find("change").ifPresent(left -> fail(left.lastError()));
  }

  /** Runs a job until it fails, and says why. */
  @Nullable String failing(String... lines) throws InterruptedException {
    try (var engine = engine(job(lines))) {
      return engine.queue("change").steps().queue.find("change").orElseThrow().lastError();
    }
  }

  /** Runs a job until its second chunk is committed, then in another process to its end. */
  void runInTwoProcesses(String... lines) throws InterruptedException {
    var job = job(lines);
    var script = new ScriptedController();
    try (var engine = engine(job, script)) {
      script.atIteration(3, engine::stop);
      engine.queue("change").step();
    }
    try (var engine = engine(job)) {
      finish(engine);
    }
  }

  List<@Nullable String> rows(String sql) {
    return Rows.of(database, sql);
  }

  List<@Nullable String> counts() {
    return rows(
        """
        SELECT format('%s: %s read, %s filtered, %s written',
                      status, read_count, filter_count, write_count)
          FROM undercurrent.batch_step_execution
         ORDER BY step_execution_id""");
  }
}
