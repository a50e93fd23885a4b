package io.undercurrent.testing;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A real PgBouncer in front of a test's database, where the machine has one. */
public final class PgBouncer implements AutoCloseable {

  private final Path directory;
  private final Process process;
  private final Database database;

  private PgBouncer(Path directory, Process process, Database database) {
    this.directory = directory;
    this.process = process;
    this.database = database;
  }

  /** A condition for tests. */
  public static boolean isInstalled() {
    return executable().isPresent();
  }

  private static Optional<Path> executable() {
    return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
        .map(directory -> Path.of(directory, "pgbouncer"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts it.
   *
   * @param poolMode {@code session}, {@code transaction} or {@code statement}
   * @param settings further lines for its configuration
   */
  public static PgBouncer start(Database server, String poolMode, String... settings)
      throws IOException {
    var directory =
        Files.createTempDirectory(
            "pgbouncer-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    var port = freePort();
    Files.writeString(directory.resolve("users"), "\"postgres\" \"\"\n");
    Files.writeString(
        directory.resolve("pgbouncer.ini"),
        """
        [databases]
        * = host=127.0.0.1 port=%s

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = trust
        auth_file = %s
        ignore_startup_parameters = extra_float_digits
        log_connections = 0
        log_disconnections = 0
        log_stats = 0
        pool_mode = %s
        %s
        """
            .formatted(
                server.settings().location().replaceAll(".*:|/.*", ""),
                port,
                directory.resolve("users"),
                poolMode,
                String.join("\n", settings)));
    var url = server.settings().url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/");
    return new PgBouncer(
        directory,
        start(directory),
        new Database(new DatabaseSettings(server.name(), url, "postgres", null)));
  }

  private static Process start(Path directory) throws IOException {
    var command = new ArrayList<>(List.of(executable().orElseThrow().toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(directory.resolve("pgbouncer.ini").toString());
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = process.inputReader();
    var said = new StringBuilder();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      if (line.contains("process up")) {
        return process;
      }
    }
    throw new IllegalStateException("PgBouncer has ended: " + said);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The database through it. */
  public Database database() {
    return database;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    database.close();
    process.destroyForcibly().waitFor();
    for (var file : List.of("pgbouncer.ini", "users", "")) {
      Files.delete(directory.resolve(file));
    }
  }
}
