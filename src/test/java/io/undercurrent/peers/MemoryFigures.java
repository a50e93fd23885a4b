package io.undercurrent.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.process.JavaCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * How much memory {@code run} takes at most, in a JVM of its own with the launcher's collector and
 * {@code -Xmx256m}: the peak of what is resident, and of the heap before a collection.
 */
final class MemoryFigures {

  private static final int ROWS = Integer.getInteger("peers.walked", 10_000_000);
  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
  private static final Pattern COLLECTION = Pattern.compile(" (\\d+)M->\\d+M\\(");

  private final PeersServer server;
  private final Path directory;

  MemoryFigures(PeersServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  void walk() throws Exception {
    var database = server.database();
    Rows.run(database, "CREATE TABLE walked (id bigint PRIMARY KEY, n int NOT NULL)");
    database
        .jdbc()
        .sql("INSERT INTO walked SELECT i, 0 FROM generate_series(1, ?) AS i")
        .param(ROWS)
        .update();
    server.settle("walked");
    run("update", "update: {table: walked, set: {n: n + 1}, where: \"id % 10 = 0\"}");
    run(
        "read and write",
        "read: {table: walked, key: id}\n    write: UPDATE walked SET n = n + 1 FROM chunk WHERE walked.id = chunk.id AND walked.id % 10 = 0");
  }

  private void run(String what, String work) throws Exception {
    var database = server.database();
    var home = Files.createDirectory(directory.resolve(what.replace(' ', '-')));
    Files.writeString(
        home.resolve("walk.yaml"), "updates:\n  - name: walk\n    %s\n".formatted(work));
    try (var engine = new JobEngine(home, database)) {
      engine.updates.start(database.name(), "walk");
    }
    var log = home.resolve("gc.log");
    var output = new File("target/peers-memory.log");
    var command =
        JavaCommand.undercurrent(
            home,
            database,
            List.of("-Xmx256m", "-XX:TieredStopAtLevel=4", "-Xlog:gc:file=" + log),
            "--undercurrent.databases[0].password=" + database.settings().password(),
            "--undercurrent.background-updates.sleep-enabled=false",
            "run");
    output.getParentFile().mkdirs();
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    var resident = 0L;
    var start = System.nanoTime();
    while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
      resident = Math.max(resident, resident(process.pid()));
    }
    assertThat(process.exitValue()).as(Files.readString(output.toPath())).isZero();
    System.out.printf(
        "| peak memory, %,d rows, %s | resident %d MB, heap %d MB, %.0f s | stay (120 to 170 MB) |%n",
        ROWS, what, resident / 1024, heap(log), (System.nanoTime() - start) / 1e9);
  }

  private static long resident(long pid) {
    try {
      var peak = PEAK.matcher(Files.readString(Path.of("/proc/%d/status".formatted(pid))));
      return peak.find() ? Long.parseLong(peak.group(1)) : 0;
    } catch (IOException e) {
      // it has just ended
      return 0;
    }
  }

  private static long heap(Path log) throws IOException {
    return COLLECTION
        .matcher(Files.readString(log))
        .results()
        .mapToLong(each -> Long.parseLong(each.group(1)))
        .max()
        .orElse(0);
  }
}
