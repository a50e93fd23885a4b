package io.undercurrent.database.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.EmbeddedServerProcess;
import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.testing.PostgresTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

@PostgresTest
class EmbeddedServerTests {

  private static Home home;
  private static Path data;
  private static String majorVersion;

  private final List<EmbeddedServerStarting> starts = new CopyOnWriteArrayList<>();
  private final EmbeddedServer server = new EmbeddedServer(home, starts::add);

  @BeforeAll
  static void makeHome(@TempDir Path directory) throws IOException {
    home = new Home(directory.toRealPath().resolve("a home's place"));
    data = home.postgres().resolve("data");
    majorVersion = PostgresBinaries.in(home.postgres()).majorVersion();
  }

  @AfterEach
  void stop() {
    server.close();
    if (Files.exists(postmasterPid())) {
      try (var last = new EmbeddedServer(home, starting -> {})) {
        last.settings("master");
      }
    }
    assertThat(postmasterPid()).doesNotExist();
  }

  @Test
  void isDurableListensOnLoopbackOnlyAndHoldsADatabaseLikeAHomeservers() {
    var jdbc = jdbc(server);

    assertThat(setting(jdbc, "fsync")).isEqualTo("on");
    assertThat(setting(jdbc, "synchronous_commit")).isEqualTo("on");
    assertThat(setting(jdbc, "listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(setting(jdbc, "unix_socket_directories")).isEmpty();
    assertThat(setting(jdbc, "max_connections")).isEqualTo("50");
    assertThat(setting(jdbc, "server_version")).startsWith(majorVersion + ".");
    var row =
        jdbc.sql(
                """
                SELECT datname, pg_encoding_to_char(encoding), datcollate, datctype
                  FROM pg_database
                 WHERE datname = current_database()""")
            .query()
            .singleRow();
    assertThat(row.values()).containsExactly("undercurrent", "UTF8", "C", "C");
  }

  @Test
  void isTheMainDatabaseWhereNoneIsConfigured() {
    try (var databases = Databases.embedded(home, starts::add)) {
      databases.main().prepare();

      assertThat(databases.get("master").isPrepared()).isTrue();
      assertThat(starts).hasSize(1);
    }
    assertThat(postmasterPid()).doesNotExist();
  }

  @Test
  void keepsStrangersOut() throws IOException {
    var settings = server.settings("master");
    var stranger = new DatabaseSettings("master", settings.url(), settings.username(), "guess");
    try (var database = new Database(stranger)) {
      assertThatThrownBy(() -> database.connect("test"))
          .isExactlyInstanceOf(RefusedException.class)
          .hasMessageContaining(
              "password authentication failed for user \"postgres\" (SQLSTATE 28P01)");
    }
    assertThat(permissions(home.postgres().resolve("password"))).isEqualTo("rw-------");
    assertThat(permissions(data)).isEqualTo("rwx------");
  }

  @Test
  void keepsDataAndPortFromOneStartToTheNext() {
    var first = server.settings("master");
    jdbc(server).sql("CREATE TABLE kept AS SELECT 42 AS answer").update();
    server.close();
    assertThat(postmasterPid()).doesNotExist();

    var second = new EmbeddedServer(home, starts::add);

    assertThat(second.settings("master")).isEqualTo(first);
    assertThat(jdbc(second).sql("SELECT answer FROM kept").query(Integer.class).single())
        .isEqualTo(42);
    jdbc(second).sql("DROP TABLE kept").update();
    second.close();
    assertThat(starts).last().isEqualTo(new EmbeddedServerStarting(home.postgres(), false));
  }

  @Test
  void takesAnotherPortWhereItsOwnIsTaken() throws IOException {
    server.settings("master");
    var port = Integer.parseInt(setting(jdbc(server), "port"));
    server.close();

    try (var stranger = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(setting(jdbc(server), "port")).isNotEqualTo("" + stranger.getLocalPort());
    }
  }

  @Test
  void isSharedUntilTheLastLeaves() {
    var first = server.settings("master");
    var other = new EmbeddedServer(home, starts::add);

    assertThat(other.settings("master")).isEqualTo(first);
    assertThat(starts).hasSize(1);
    server.close();
    assertThat(setting(jdbc(other), "server_version")).startsWith(majorVersion + ".");
    other.close();

    assertThat(postmasterPid()).doesNotExist();
  }

  @Test
  void isLeftRunningUnderAStrangersSession() throws Exception {
    var settings = server.settings("master");
    try (var database = new Database(settings);
        var psql = database.connect("psql")) {
      server.close();

      assertThat(psql.isValid(1)).isTrue();
      assertThat(server.settings("master")).isEqualTo(settings);
      assertThat(starts).hasSize(1);
    }
  }

  @Test
  void isAdoptedAfterItsProcessWasKilled() throws Exception {
    var process = EmbeddedServerProcess.start(home);
    var url = EmbeddedServerProcess.awaitUrl(process);
    var postmaster = postmaster();
    process.destroyForcibly().waitFor();

    assertThat(server.settings("master").url()).isEqualTo(url);
    assertThat(postmaster()).isEqualTo(postmaster);
    assertThat(starts).isEmpty();
  }

  @Test
  void startsAgainAfterProcessAndServerWereKilled() throws Exception {
    jdbc(server).sql("CREATE TABLE IF NOT EXISTS durable AS SELECT 1 AS n").update();
    var postmaster = postmaster();
    kill(postmaster);

    var restarted = new EmbeddedServer(home, starts::add);
    restarted.settings("master");

    assertThat(jdbc(restarted).sql("SELECT n FROM durable").query(Integer.class).single())
        .isEqualTo(1);
    assertThat(postmaster()).isNotEqualTo(postmaster);
    restarted.close();
  }

  @Test
  void leavesAProcessAloneThatHasADeadServersPid() throws Exception {
    server.settings("master");
    server.close();
    var stranger = new ProcessBuilder("sleep", "600").start();
    writePostmasterPid(stranger.pid(), 5432);

    assertThat(setting(jdbc(server), "server_version")).startsWith(majorVersion + ".");
    server.close();

    assertThat(stranger.isAlive()).isTrue();
    stranger.destroy();
  }

  @Test
  void leavesAnotherServerAloneThatHasADeadServersPid(Database others) {
    server.settings("master");
    server.close();
    var pid =
        others.jdbc().sql("SELECT pg_read_file('postmaster.pid')").query(String.class).single();
    var port = others.jdbc().sql("SHOW port").query(Integer.class).single();
    writePostmasterPid(Long.parseLong(pid.lines().findFirst().orElseThrow()), port);

    assertThat(setting(jdbc(server), "data_directory")).isEqualTo(data.toString());
    server.close();

    assertThat(others.jdbc().sql("SELECT 1").query(Integer.class).single()).isEqualTo(1);
  }

  @Test
  void isStartedOnceByTwoThatComeTogether() throws Exception {
    server.settings("master");
    server.close();
    starts.clear();
    FileSystemUtils.deleteRecursively(data);
    Files.createDirectories(home.postgres().resolve("data.unfinished/half"));

    var process = EmbeddedServerProcess.start(home);
    var joining = CompletableFuture.supplyAsync(() -> server.settings("master"));
    var other = new EmbeddedServer(home, starts::add);
    var settings = other.settings("master");

    assertThat(joining.join()).isEqualTo(settings);
    assertThat(EmbeddedServerProcess.awaitUrl(process)).isEqualTo(settings.url());
    assertThat(starts).hasSizeLessThan(2);
    assertThat(home.postgres().resolve("data.unfinished")).doesNotExist();
    server.close();
    other.close();
    assertThat(postmasterPid()).exists();
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
    assertThat(postmasterPid()).doesNotExist();
  }

  @Test
  void saysWhyItDidNotStart() throws IOException {
    server.settings("master");
    server.close();
    var configuration = data.resolve("postgresql.auto.conf");
    var before = Files.readString(configuration);
    Files.writeString(configuration, "nonsense = 1\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> server.settings("master"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "The embedded PostgreSQL did not start: configuration file \"%s\" contains errors. See %s",
            configuration, home.logs().resolve("postgres.log"));
    Files.writeString(configuration, before);
  }

  @Test
  void saysWhichDirectoryItsFilesCannotBeIn(@TempDir Path directory) throws IOException {
    var other = new Home(directory.resolve("home"));
    Files.createDirectory(other.postgres().resolve("lock"));

    assertThatThrownBy(() -> new EmbeddedServer(other, starts::add).settings("master"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageMatching(
            "undercurrent.home: expected a directory for the embedded PostgreSQL's files .*, found '%s' \\(.*lock: Is a directory\\)\\. Correct that, or choose another directory"
                .formatted(other.path()));
  }

  @Test
  void refusesADirectoryThatAShellWouldRead(@TempDir Path directory) {
    var other = new Home(directory.resolve("my $HOME"));

    assertThatThrownBy(() -> new EmbeddedServer(other, starts::add).settings("master"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageStartingWith("undercurrent.home: expected a path without \", $, ` and \\");
  }

  @Test
  void saysWhyItsDataCannotBeMade(@TempDir Path directory) throws IOException {
    var other = new Home(directory.resolve("home"));
    var unfinished = Files.createFile(other.postgres().resolve("in-the-way"));

    assertThatThrownBy(
            () ->
                PostgresBinaries.in(other.postgres())
                    .run("initdb", List.of("--locale=C", "--pgdata=" + unfinished)))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageMatching(
            "initdb of the embedded PostgreSQL failed: could not access directory .*in-the-way.*: Not a directory");
  }

  @Test
  void refusesDataOfAnotherMajorVersion() throws IOException {
    server.settings("master");
    server.close();
    Files.writeString(data.resolve("PG_VERSION"), "13\n");

    assertThatThrownBy(() -> server.settings("master"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "%s: expected data of PostgreSQL %s, found data of PostgreSQL 13. Set undercurrent.home to another directory, or use the version of Undercurrent that made this one",
            data, majorVersion);
    Files.writeString(data.resolve("PG_VERSION"), majorVersion + "\n");
  }

  private static JdbcClient jdbc(EmbeddedServer server) {
    var settings = server.settings("master");
    return JdbcClient.create(
        new DriverManagerDataSource(settings.url(), settings.username(), settings.password()));
  }

  private static String setting(JdbcClient jdbc, String name) {
    return jdbc.sql("SHOW " + name).query(String.class).single();
  }

  private static ProcessHandle postmaster() {
    return Postmaster.of(data).orElseThrow().process();
  }

  private static void kill(ProcessHandle postmaster) {
    postmaster.destroyForcibly();
    postmaster.onExit().join();
  }

  private static void writePostmasterPid(long pid, int port) {
    try {
      Files.writeString(
          postmasterPid(), "%d\n%s\n1763740000\n%d\n\n127.0.0.1\n".formatted(pid, data, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path postmasterPid() {
    return data.resolve("postmaster.pid");
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
