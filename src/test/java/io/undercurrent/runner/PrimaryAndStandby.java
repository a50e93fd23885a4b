package io.undercurrent.runner;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.Rows;
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
final class PrimaryAndStandby implements AutoCloseable {

  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path directory;
  private final Member primary;
  private final Member standby;

  /** Starts both. */
  PrimaryAndStandby() throws IOException {
    this.directory =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "undercurrent-pair-")
            : Files.createTempDirectory("undercurrent-pair-");
    this.primary = new Member(directory.resolve("primary"));
    this.standby = new Member(directory.resolve("standby"));
    primary.start();
    primary.stop();
    FileSystemUtils.copyRecursively(primary.data, standby.data);
    standby.follow(primary.start());
  }

  /** A database for which both servers are configured, the one that was the primary first. */
  DatabaseSettings settings() {
    var url =
        "jdbc:postgresql://%s,%s/postgres?targetServerType=primary"
            .formatted(oldServer(), newServer());
    return new DatabaseSettings("master", url, "postgres", null);
  }

  /** Host and port of the one that is the primary at first. */
  String oldServer() {
    return "localhost:" + primary.port();
  }

  /** Host and port of the one that is promoted. */
  String newServer() {
    return "localhost:" + standby.port();
  }

  /** The way to the one that is the primary at first, and to no other. */
  Database old() {
    return open(oldServer());
  }

  /** The way to the one that is promoted, and to no other. */
  Database promoted() {
    return open(newServer());
  }

  private static Database open(String server) {
    return new Database(
        new DatabaseSettings(
            "master", "jdbc:postgresql://%s/postgres".formatted(server), "postgres", null));
  }

  /** Promotes the standby, once it has all that the primary has. */
  void promote() {
    try (var from = old();
        var to = promoted()) {
      Rows.await(
          from,
          "SELECT 1 FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_insert_lsn()");
      Rows.of(to, "SELECT pg_promote()");
    }
  }

  void stopOld() throws IOException {
    primary.stop();
  }

  void startOld() throws IOException {
    primary.start();
  }

  void stopPromoted() throws IOException {
    standby.stop();
  }

  void startPromoted() throws IOException {
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
    private @Nullable EmbeddedPostgres server;
    private int port;

    Member(Path data) {
      this.data = data;
    }

    int port() {
      return port;
    }

    int start() throws IOException {
      var builder =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Duration.ofSeconds(30))
              .setLocaleConfig("locale", "C")
              .setDataDirectory(data)
              .setCleanDataDirectory(false);
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
