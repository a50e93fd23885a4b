package io.undercurrent.faults;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.testing.process.ChildProcess;
import io.undercurrent.testing.process.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The application as a service manager starts it, {@code serve}, as often as a case kills it. */
final class UndercurrentProcess implements AutoCloseable {

  /** A chunk is a hundred rows, and they come fast, one after the other. */
  private static final List<String> PROPERTIES =
      List.of(
          "--undercurrent.background-updates.sleep-duration=20ms",
          "--undercurrent.background-updates.update-duration=1ms",
          "--undercurrent.admin.port=0",
          "--undercurrent.admin.management-port=0",
          "--logging.file.name=target/faults-undercurrent.log");

  private final List<String> command;
  private @Nullable ChildProcess process;

  /**
   * One that has not been started.
   *
   * @param before a command that is given this one's as its last arguments, or nothing; as in
   *     properties, HOME stands for its home
   * @param home holds its files
   * @param jobs holds the job files
   * @param properties beyond those that it needs
   */
  UndercurrentProcess(List<String> before, Path home, Path jobs, String url, String... properties) {
    var words = new ArrayList<String>();
    Stream.of(properties).map(word -> word.replace("HOME", home.toString())).forEach(words::add);
    words.add("--undercurrent.home=" + home);
    PROPERTIES.stream()
        .filter(property -> words.stream().noneMatch(word -> name(word).equals(name(property))))
        .forEach(words::add);
    words.add("serve");
    this.command = new ArrayList<>();
    before.stream().map(word -> word.replace("HOME", home.toString())).forEach(command::add);
    try (var database =
        new Database(new DatabaseSettings("master", url, PostgresServer.RUNNER, null))) {
      command.addAll(
          JavaCommand.undercurrent(
              jobs, database, List.of("-Xmx256m"), words.toArray(String[]::new)));
    }
  }

  private static String name(String property) {
    return property.split("=")[0];
  }

  UndercurrentProcess start() throws IOException {
    process = ChildProcess.start(command, new File("target/faults-undercurrent.log"));
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    return this;
  }

  /** SIGKILL. */
  void kill() {
    close();
  }

  /** Freezes it, or lets it go on. */
  void freeze(boolean frozen) throws Exception {
    running().signal(frozen ? "STOP" : "CONT");
  }

  ChildProcess running() {
    if (process == null) {
      throw new IllegalStateException("It was never started");
    }
    return process;
  }

  @Override
  public void close() {
    try {
      if (process != null) {
        process.kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
