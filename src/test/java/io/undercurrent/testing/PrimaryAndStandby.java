package io.undercurrent.testing;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** Two servers of one cluster: the second is a standby by copy until it is promoted. */
public final class PrimaryAndStandby implements AutoCloseable {

  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path directory;
  private final Member primary;
  private final Member standby;

  /**
   * Starts both.
   *
   * @param settings of both, in the order name, value
   */
  public PrimaryAndStandby(String... settings) throws IOException {
    this.directory =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "undercurrent-pair-")
            : Files.createTempDirectory("undercurrent-pair-");
    this.primary = new Member(directory.resolve("primary"), settings);
    this.standby = new Member(directory.resolve("standby"), settings);
    primary.start();
    primary.stop();
    FileSystemUtils.copyRecursively(primary.data, standby.data);
    standby.follow(primary.start());
  }

  /** Changes settings of a whole server: {@code name = value}. */
  public static void configure(Database superuser, String... settings) {
    for (var setting : settings) {
      Rows.run(superuser, "ALTER SYSTEM SET " + setting);
    }
    Rows.of(superuser, "SELECT pg_reload_conf()");
  }

  /**
   * Has what receives the log on the standby neither hear nor say anything, or go on; the
   * connection stays open.
   */
  public void freezeReceiver(boolean frozen) throws IOException, InterruptedException {
    try (var standby = promoted()) {
      for (var pid : Rows.of(standby, "SELECT pid FROM pg_stat_wal_receiver")) {
        new ProcessBuilder("kill", frozen ? "-STOP" : "-CONT", pid).start().waitFor();
      }
    }
  }

  /** A database for which both servers are configured, the one that was the primary first. */
  public DatabaseSettings settings() {
    var url =
        "jdbc:postgresql://%s,%s/postgres?targetServerType=primary"
            .formatted(oldServer(), newServer());
    return new DatabaseSettings("master", url, "postgres", null);
  }

  /** Host and port of the one that is the primary at first. */
  public String oldServer() {
    return "localhost:" + primary.port();
  }

  /** Host and port of the one that is promoted. */
  public String newServer() {
    return "localhost:" + standby.port();
  }

  /** The way to the one that is the primary at first, and to no other. */
  public Database old() {
    return open(oldServer());
  }

  /** The way to the one that is promoted, and to no other. */
  public Database promoted() {
    return open(newServer());
  }

  private static Database open(String server) {
    return new Database(
        new DatabaseSettings(
            "master", "jdbc:postgresql://%s/postgres".formatted(server), "postgres", null));
  }

  /** Promotes the standby, once it has all that the primary has. */
  public void promote() {
    try (var from = old();
        var to = promoted()) {
      Rows.await(
          from,
          "SELECT 1 FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_insert_lsn()");
      Rows.of(to, "SELECT pg_promote()");
    }
  }

  /** Stops the one that is the primary at first. */
  public void stopOld() throws IOException {
    primary.stop();
  }

  /** Starts it again, as what it was. */
  public void startOld() throws IOException {
    primary.start();
  }

  /** Stops the one that is promoted. */
  public void stopPromoted() throws IOException {
    standby.stop();
  }

  /** Starts it again, as what it was. */
  public void startPromoted() throws IOException {
    standby.start();
  }

  @Override
  public void close() throws IOException {
    standby.stop();
    primary.stop();
    FileSystemUtils.deleteRecursively(directory);
  }

  /** One of the servers. */
  private static final class Member {

    final Path data;
    private final String[] settings;
    private @Nullable EmbeddedPostgres server;
    private int port;

    Member(Path data, String... settings) {
      this.data = data;
      this.settings = settings;
    }

    int port() {
      return port;
    }

    int start() throws IOException {
      var builder =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Duration.ofSeconds(30))
              .setLocaleConfig("locale", "C")
              // Small segments: what is done with whole ones takes little time.
              .setLocaleConfig("wal-segsize", "1")
              .setDataDirectory(data)
              .setCleanDataDirectory(false);
      for (var i = 0; i < settings.length; i += 2) {
        builder.setServerConfig(settings[i], settings[i + 1]);
      }
      server = (port == 0 ? builder : builder.setPort(port)).start();
      port = server.getPort();
      return port;
    }

    void follow(int primary) throws IOException {
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
      Files.createFile(data.resolve("standby.signal"));
      Files.writeString(
          data.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=localhost port=%d user=postgres'%n".formatted(primary),
          StandardOpenOption.APPEND);
      start();
    }

    void stop() throws IOException {
      if (server != null) {
        server.close();
        server = null;
      }
    }
  }
}
