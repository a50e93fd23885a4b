package io.undercurrent.testing.process;

import io.undercurrent.database.Database;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that works on a database until a test kills it; what it says is in {@code target/}. */
public final class ChildProcess implements AutoCloseable {

  private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-Duser.timezone=UTC");

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @param main takes the database's URL and the user's name
   */
  public static ChildProcess start(Class<?> main, Database database) throws IOException {
    return start(main, database, JVM_OPTIONS);
  }

  /** The same with other options for its Java. */
  public static ChildProcess start(Class<?> main, Database database, List<String> jvmOptions)
      throws IOException {
    var settings = database.settings();
    var command =
        JavaCommand.of(main, jvmOptions, settings.url(), String.valueOf(settings.username()));
    return start(command, new File("target/%s.log".formatted(main.getSimpleName())));
  }

  /** Starts a command whose output is added to a file. */
  public static ChildProcess start(List<String> command, File log) throws IOException {
    return new ChildProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start());
  }

  /** Lets the process be for a while. */
  public void runFor(Duration time) throws InterruptedException {
    process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** SIGKILL: no shutdown hook, no goodbye to the database. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public int awaitExit(Duration timeout) throws InterruptedException {
    if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("The process has not ended within " + timeout);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
