package io.undercurrent.faults.server;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.Rows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** The programs of the embedded PostgreSQL, and data for servers to copy: made once in a JVM. */
public final class ServerPrototype {

  static final String SHOP = "shop";

  /** A view: how far each run of an update is, in each of its slices if it has some. */
  private static final String POSITIONS =
      """
      CREATE VIEW public.positions AS
      SELECT update_name, run, position,
             coalesce(lag(until) OVER (PARTITION BY update_name, run ORDER BY slice), 0) AS begin
        FROM (SELECT DISTINCT ON (step_name, parameter_value)
                     split_part(step_name, ':', 1) AS update_name,
                     CAST(parameter_value AS bigint) AS run,
                     coalesce(CAST(substring(step_name FROM ':slice(.*)') AS int), 0) AS slice,
                     CAST(CAST(context ->> 'undercurrent.position' AS json) ->> 0 AS bigint)
                       AS position,
                     CAST(CAST(context ->> 'undercurrent.end' AS json) ->> 0 AS bigint) AS until
                FROM undercurrent.batch_step_execution step
                JOIN (SELECT step_execution_id,
                             CAST(coalesce(serialized_context, short_context) AS json) AS context
                        FROM undercurrent.batch_step_execution_context) AS read
                     USING (step_execution_id)
                JOIN undercurrent.batch_job_execution_params USING (job_execution_id)
               WHERE parameter_name = 'run'
                 AND step_name NOT LIKE '%:lanes'
               ORDER BY step_name, parameter_value, step_execution_id DESC) AS last""";

  static final Path DATA;
  private static final Path PROGRAMS;

  static {
    try {
      DATA = newDirectory();
      try (var server =
          EmbeddedPostgres.builder()
              .setLocaleConfig("locale", "C")
              .setPGStartupWait(PostgresServer.PATIENCE)
              .setDataDirectory(DATA)
              .setCleanDataDirectory(false)
              .start()) {
        PROGRAMS = prepare("jdbc:postgresql://localhost:%d/".formatted(server.getPort()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServerPrototype() {}

  private static Path prepare(String url) throws IOException {
    try (var postgres =
            new Database(new DatabaseSettings("postgres", url + "postgres", "postgres", null));
        var shop = new Database(new DatabaseSettings("shop", url + SHOP, "postgres", null));
        var runner =
            new Database(new DatabaseSettings("shop", url + SHOP, PostgresServer.RUNNER, null))) {
      Rows.run(postgres, "CREATE ROLE application LOGIN", "CREATE DATABASE shop OWNER application");
      Rows.run(
          shop,
          Files.readString(Path.of("db/grants.sql")),
          "GRANT ALL ON SCHEMA public TO application",
          "GRANT application TO " + PostgresServer.RUNNER);
      runner.prepare();
      Rows.run(shop, POSITIONS);
      return Path.of(
          Rows.of(postgres, "SELECT setting FROM pg_config WHERE name = 'BINDIR'").get(0));
    }
  }

  /** The command that one of the programs begins with. */
  static List<String> program(String name) {
    var program = PROGRAMS.resolve(name).toString();
    // It refuses to run as root; in a user namespace of its own it is the user nobody.
    return LinuxUtils.isUnshareAvailable() ? List.of("unshare", "-U", program) : List.of(program);
  }

  /** A directory in memory, if there is such a thing, until the JVM ends. */
  public static Path newDirectory() throws IOException {
    var memory = Path.of("/dev/shm");
    var directory =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "undercurrent-fault-")
            : Files.createTempDirectory("undercurrent-fault-");
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(directory.toFile())));
    return directory;
  }

  /** Copies a data directory that may be in use. */
  static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : (Iterable<Path>) files::iterator) {
        var target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.endsWith("postmaster.pid")) {
          copyFile(file, target);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void copyFile(Path file, Path target) throws IOException {
    try {
      Files.copy(file, target);
    } catch (NoSuchFileException e) {
      // removed meanwhile; the log has what was in it
    }
  }
}
