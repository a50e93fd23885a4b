package io.undercurrent.testing.process;

import static java.util.stream.Collectors.joining;

import io.undercurrent.UndercurrentApplication;
import io.undercurrent.database.Database;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.OS;

/** Command lines that start what is on the tests' class path as a process of its own. */
public final class JavaCommand {

  /** What the optimizing compiler and the verifier cost does not pay for itself in seconds. */
  private static final List<String> SHORT_LIVED =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UnlockDiagnosticVMOptions",
          "-XX:-BytecodeVerificationRemote");

  private JavaCommand() {}

  /** A class with a main method. */
  public static List<String> of(Class<?> main, List<String> jvmOptions, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SHORT_LIVED);
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Without an empty entry, which would be the working directory: db/ would be there twice. */
  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .collect(joining(File.pathSeparator));
  }

  /**
   * Undercurrent on one database.
   *
   * @param home holds its files, and the jobs
   * @param words a verb, and properties beyond those that it needs
   */
  public static List<String> undercurrent(
      Path home, Database database, List<String> jvmOptions, String... words) {
    var properties =
        Stream.of(
            "--undercurrent.home=" + home,
            "--undercurrent.jobs-directory=" + home,
            "--undercurrent.databases[0].name=master",
            "--undercurrent.databases[0].url=" + database.settings().url(),
            "--undercurrent.databases[0].username=" + database.settings().username());
    return of(
        UndercurrentApplication.class,
        jvmOptions,
        Stream.concat(properties, Stream.of(words)).toArray(String[]::new));
  }

  /**
   * The same command, which SIGINT reaches; what a shell runs in the background, and its children,
   * would ignore it.
   */
  public static List<String> interruptible(List<String> command) {
    var interruptible = new ArrayList<String>();
    if (OS.LINUX.isCurrentOs()) {
      interruptible.addAll(List.of("env", "--default-signal=INT"));
    }
    interruptible.addAll(command);
    return interruptible;
  }
}
