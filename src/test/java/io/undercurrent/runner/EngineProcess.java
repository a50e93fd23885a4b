package io.undercurrent.runner;

import static io.undercurrent.runner.Engine.counting;
import static io.undercurrent.runner.Engine.index;
import static io.undercurrent.runner.Engine.job;
import static io.undercurrent.runner.Engine.update;

import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process with nothing but the engine, for tests that kill it: works off the queue of one
 * database and ends when it is empty.
 */
final class EngineProcess implements AutoCloseable {

  static final String TABLE = "numbers";

  private final Process process;

  private EngineProcess(Process process) {
    this.process = process;
  }

  static EngineProcess start(Database database) throws IOException {
    var settings = database.settings();
    var log = new File("target/engine-process.log");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Duser.timezone=UTC",
            "-cp",
            System.getProperty("java.class.path"),
            EngineProcess.class.getName(),
            settings.url(),
            String.valueOf(settings.username()));
    return new EngineProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start());
  }

  /** Lets the process be for a while. */
  void runFor(Duration time) throws InterruptedException {
    process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** SIGKILL: no shutdown hook, no goodbye to the database. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int awaitExit(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("The engine process has not ended within " + timeout);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  public static void main(String[] args) throws InterruptedException {
    var settings = new DatabaseSettings("master", args[0], args[1], null);
    try (var database = new Database(settings);
        var engine =
            new Engine(
                database,
                target(Duration.ofMillis(5)),
                job(counting(TABLE, TABLE)),
                job(update("index", index(TABLE, false, null))))) {
      engine.run().awaitEmptyQueue(Duration.ofMinutes(5));
    }
  }

  static Controller target(Duration target) {
    return new Controller(
        (update, database, oneShot) ->
            new OnUpdate.Iteration() {
              @Override
              public Duration enter() {
                return target;
              }

              @Override
              public void exit(@Nullable Throwable failure) {}
            },
        (update, database) -> 100,
        (update, database) -> 100,
        "the test");
  }
}
