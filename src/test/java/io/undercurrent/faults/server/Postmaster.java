package io.undercurrent.faults.server;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The processes of a server. */
final class Postmaster {

  private static final File LOG = new File("target/faults-postgres.log");

  private final Path data;
  private final List<String> command;
  private @Nullable Process process;

  /** Those of a server that has not been started. */
  Postmaster(Path data, List<String> command) {
    this.data = data;
    this.command = command;
  }

  void launch() throws IOException {
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG))
            .start();
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  void requireAlive() {
    if (!isAlive()) {
      throw new AssertionError("The server has ended; see " + LOG);
    }
  }

  /** Stops it, and returns when none of its processes is left. */
  void stop(PostgresServer.Stop how) throws Exception {
    var children = process().descendants().toList();
    signal(how.signal(), Stream.of(process().pid()));
    process().waitFor();
    for (var child : children) {
      child.onExit().get();
    }
  }

  /** Freezes all of its processes, or lets them go on. */
  void freeze(boolean frozen) throws Exception {
    signal(
        frozen ? "STOP" : "CONT",
        Stream.concat(Stream.of(process().pid()), process().descendants().map(ProcessHandle::pid)));
  }

  void signal(String name, Stream<Long> pids) throws Exception {
    var kill = new ArrayList<>(List.of("kill", "-" + name));
    pids.map(String::valueOf).forEach(kill::add);
    // One of them may have ended just now.
    new ProcessBuilder(kill).redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
  }

  private Process process() {
    if (process == null) {
      throw new IllegalStateException("The server was never started");
    }
    return process;
  }
}
