package io.undercurrent.faults.server;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server whose processes a case may stop, kill and freeze. It has a database {@code
 * shop} with Undercurrent's schema, and the role that {@code db/grants.sql} makes.
 */
public final class PostgresServer implements AutoCloseable {

  /** Undercurrent's role, which cannot have the connections that are reserved for superusers. */
  public static final String RUNNER = "undercurrent_runner";

  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> OPTIONS =
      List.of(
          "-c", "listen_addresses=localhost",
          "-c", "unix_socket_directories=",
          "-c", "fsync=off",
          "-c", "wal_keep_size=1GB",
          "-c", "superuser_reserved_connections=6",
          "-c", "max_connections=40");

  private final Path data;
  private final int port;
  private final List<String> options;
  private final Postmaster postmaster;
  private final Database superuser;

  private PostgresServer(Path data, List<String> before, List<String> options) throws IOException {
    this.data = data;
    this.port = freePort();
    this.options = options;
    this.postmaster = new Postmaster(data, command(before));
    this.superuser = new Database(new DatabaseSettings("master", url(), "postgres", null));
    Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
  }

  /**
   * Makes and starts one with data of its own.
   *
   * @param options of the program {@code postgres}, beyond those that it needs
   */
  public static PostgresServer create(String... options) throws Exception {
    return create(List.of(), options);
  }

  /**
   * The same.
   *
   * @param before a command that is given the server's as its last arguments, or nothing
   */
  public static PostgresServer create(List<String> before, String... options) throws Exception {
    var data = ServerPrototype.newDirectory();
    ServerPrototype.copy(ServerPrototype.DATA, data);
    var server = new PostgresServer(data, before, List.of(options));
    server.start();
    return server;
  }

  private List<String> command(List<String> before) {
    var command = new ArrayList<>(before);
    command.addAll(ServerPrototype.program("postgres"));
    command.addAll(List.of("-D", data.toString(), "-p", String.valueOf(port)));
    command.addAll(OPTIONS);
    command.addAll(options);
    return command;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  public String url() {
    return "jdbc:postgresql://%s/%s".formatted(address(), ServerPrototype.SHOP);
  }

  /** Host and port. */
  public String address() {
    return "localhost:" + port;
  }

  /** A superuser's way to the database, past every proxy. */
  public Database superuser() {
    return superuser;
  }

  /** Starts it, and returns when it takes connections. */
  public void start() throws Exception {
    postmaster.launch();
    awaitUp();
  }

  private void awaitUp() {
    Engine.await().atMost(PATIENCE).until(this::answers);
  }

  private boolean answers() {
    postmaster.requireAlive();
    try (var connection = DriverManager.getConnection(url(), "postgres", null)) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** The ways to stop a server, by the signal that has it do so. */
  public enum Stop {
    /** Sessions are ended, transactions rolled back. */
    FAST("INT"),
    /** As in a power failure: it recovers when it is started. */
    IMMEDIATE("QUIT"),
    /** Nobody tidies up. */
    KILLED("KILL");

    private final String signal;

    Stop(String signal) {
      this.signal = signal;
    }

    String signal() {
      return signal;
    }
  }

  /** Stops it, and returns when none of its processes is left. */
  public void stop(Stop how) throws Exception {
    postmaster.stop(how);
  }

  /** Freezes all of its processes, or lets them go on. */
  public void freeze(boolean frozen) throws Exception {
    postmaster.freeze(frozen);
  }

  /** Sends a signal to processes of the server, such as a session's. */
  public void signal(String name, Stream<Long> pids) throws Exception {
    postmaster.signal(name, pids);
  }

  /** Changes settings of the whole server: {@code name = value}. */
  public void configure(String... settings) {
    for (var setting : settings) {
      Rows.run(superuser, "ALTER SYSTEM SET " + setting);
    }
    Rows.run(superuser, "DO 'BEGIN PERFORM pg_reload_conf(); END'");
  }

  /** A standby that follows it, made by a copy of its files. */
  public PostgresServer standby() throws Exception {
    var copy = ServerPrototype.newDirectory();
    var backup = new ServerBackup(superuser);
    ServerPrototype.copy(data, copy);
    Files.writeString(copy.resolve("backup_label"), backup.end());
    FileSystemUtils.deleteRecursively(copy.resolve("pg_wal"));
    Files.createDirectories(copy.resolve("pg_wal/archive_status"));
    Files.createDirectories(copy.resolve("pg_wal/summaries"));
    Files.createFile(copy.resolve("standby.signal"));
    Files.writeString(
        copy.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=localhost port=%d user=postgres'\n".formatted(port),
        StandardOpenOption.APPEND);
    var standby = new PostgresServer(copy, List.of(), options);
    standby.start();
    return standby;
  }

  public void promote() {
    Rows.of(superuser, "SELECT pg_promote()");
  }

  /** Whether a standby has all that this one has written. */
  public boolean isFollowed() {
    return !Rows.of(
            superuser,
            "SELECT 1 FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_insert_lsn()")
        .isEmpty();
  }

  @Override
  public void close() {
    superuser.close();
    remove();
  }

  private void remove() {
    try {
      if (postmaster.isAlive()) {
        freeze(false);
        stop(Stop.IMMEDIATE);
      }
      FileSystemUtils.deleteRecursively(data);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
