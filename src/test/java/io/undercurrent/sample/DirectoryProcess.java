package io.undercurrent.sample;

import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.process.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A process that regenerates the user directory in small chunks, for tests that kill it. */
final class DirectoryProcess implements AutoCloseable {

  private final ChildProcess process;
  private final Database database;

  private DirectoryProcess(ChildProcess process, Database database) {
    this.process = process;
    this.database = database;
  }

  static DirectoryProcess start(Database database) throws IOException {
    return new DirectoryProcess(ChildProcess.start(DirectoryProcess.class, database), database);
  }

  void awaitCommits(String update, int commits) {
    Rows.await(
        database,
        """
        SELECT sum(commit_count)
          FROM undercurrent.batch_step_execution
         WHERE step_name = '%s'
        HAVING sum(commit_count) >= %d"""
            .formatted(update, commits));
  }

  /** SIGKILL: no shutdown hook, no goodbye to the database. */
  void kill() throws InterruptedException {
    process.kill();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  public static void main(String[] args) throws InterruptedException {
    try (var database = new Database(new DatabaseSettings("master", args[0], args[1], null))) {
      JobRunner.ofSample(database)
          .run(JobRunner.DIRECTORY, (update, name, oneShot) -> new Dawdling(update));
    }
  }

  /** Small chunks; members are given time, so that the kill finds them half done. */
  private record Dawdling(String update) implements OnUpdate.Iteration {

    @Override
    public Duration enter() throws InterruptedException {
      if (update.endsWith("process_members")) {
        Thread.sleep(50);
      }
      return Duration.ofMillis(1);
    }

    @Override
    public void exit(@Nullable Throwable failure) {}
  }
}
