package io.undercurrent.admin;

import io.undercurrent.UndercurrentApplication;
import io.undercurrent.access.OwnTokens;
import io.undercurrent.admin.metrics.QueueLooks;
import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;

/**
 * The whole application with HTTP on a free port, one database with a homeserver's tables, a job
 * {@code count} and a token of each kind. No runner works until a test starts one.
 */
final class RunningApplication implements AutoCloseable {

  static final String ADMIN = "tok-admin";
  static final String PLAIN = "tok-plain";
  static final String GUEST = "tok-guest";
  static final String EXPIRED = "tok-expired";
  static final String STRAY = "tok-stray";

  private static final int ROWS = 250;

  private final TestDatabases databases = new TestDatabases();
  private final Path home;
  private final ConfigurableApplicationContext context;
  final Database database;
  final Http http;
  final Http management;
  final String token;

  /**
   * Starts it.
   *
   * @param home holds its files, and the jobs
   * @param more properties beyond those that it needs, without a sleep of the controller unless
   *     they are about it
   */
  RunningApplication(Path home, String... more) throws IOException {
    this.home = home;
    this.database = databases.create();
    makeHomeserver(database);
    Rows.run(database, "CREATE TABLE suffering ()");
    makeJob("count", "halls", ROWS, "UPDATE halls SET n = n + 1");
    makeJob("count_again", "rooms_of_halls", ROWS, "UPDATE rooms_of_halls SET n = n + 1");
    var properties = new ArrayList<>(List.of(more));
    if (properties.stream().noneMatch(one -> one.contains("background-updates.sleep"))) {
      properties.add("--undercurrent.background-updates.sleep-enabled=false");
    }
    properties.addAll(
        List.of(
            "--undercurrent.home=" + home,
            "--undercurrent.jobs-directory=" + home,
            "--undercurrent.databases[0].name=master",
            "--undercurrent.databases[0].url=" + database.settings().url(),
            "--undercurrent.databases[0].username=" + database.settings().username(),
            "--undercurrent.health.sql-probe.sql=SELECT count(*) FROM suffering",
            "--undercurrent.admin.enabled=true",
            "--undercurrent.admin.port=0",
            "--undercurrent.admin.management-port=0",
            "--undercurrent.admin.homeserver-tokens=true"));
    this.context =
        new SpringApplication(UndercurrentApplication.class).run(properties.toArray(String[]::new));
    this.http = new Http(context.getBean(HttpServer.class).port());
    this.management = new Http(context.getBean(ManagementServer.class).port());
    this.token = context.getBean(OwnTokens.class).create("deploy");
  }

  static void makeHomeserver(Database database) throws IOException {
    var tables =
        new ClassPathResource("db/sample/1-tables.sql").getContentAsString(StandardCharsets.UTF_8);
    Rows.run(database, tables);
    Rows.run(
        database,
        """
        INSERT INTO users (name, admin, is_guest, deactivated)
        VALUES ('@admin:a.test', 1, 0, 0), ('@plain:a.test', 0, 0, 0), ('@guest:a.test', 1, 1, 0)""",
        """
        INSERT INTO access_tokens (id, user_id, token, valid_until_ms, puppets_user_id)
        VALUES (1001, '@admin:a.test', 'tok-admin', NULL, NULL),
               (1002, '@plain:a.test', 'tok-plain', NULL, NULL),
               (1003, '@guest:a.test', 'tok-guest', NULL, NULL),
               (1004, '@admin:a.test', 'tok-expired', 1, NULL),
               (1005, '@admin:a.test', 'tok-later', 99999999999999, NULL),
               (1006, '@gone:a.test', 'tok-stray', NULL, NULL),
               (1007, '@plain:a.test', 'tok-plain-as-admin', NULL, '@admin:a.test'),
               (1008, '@admin:a.test', 'tok-admin-as-plain', NULL, '@plain:a.test')""");
  }

  /**
   * Makes a job of one update, and a table {@code (id, n)} for it.
   *
   * @param write an UPDATE without FROM and WHERE
   */
  void makeJob(String name, String table, int rows, String write) throws IOException {
    makeJob(name, table, rows, write, "{}");
  }

  /** The same with chunks of other sizes. */
  void makeJob(String name, String table, int rows, String write, String batch) throws IOException {
    Rows.run(
        database,
        "CREATE TABLE %s (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0)".formatted(table),
        "INSERT INTO %s (id) SELECT generate_series(1, %d)".formatted(table, rows));
    Files.writeString(
        home.resolve(name + ".yaml"),
        """
        updates:
          - name: %1$s
            read: {table: %2$s, key: [id]}
            batch: %4$s
            write: %3$s FROM chunk WHERE %2$s.id = chunk.id
        """
            .formatted(name, table, write, batch));
  }

  /** Adds the rows of a CSV file to a table. */
  void copy(Path file, String table) throws Exception {
    try (var connection = database.connect("test");
        var csv = Files.newBufferedReader(file)) {
      var columns = csv.readLine();
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY %s (%s) FROM STDIN WITH (FORMAT csv)".formatted(table, columns), csv);
    }
  }

  /** A token that lets its holder look at the page. */
  String readOnlyToken() {
    return context.getBean(OwnTokens.class).create("wall", true);
  }

  void revoke(String label) {
    context.getBean(OwnTokens.class).revoke(label);
  }

  BackgroundUpdates updates() {
    return context.getBean(BackgroundUpdates.class);
  }

  /** Has the metrics show what the queue does now. */
  void look() {
    context.getBean(QueueLooks.class).look("master");
  }

  /** Works the queue off until it is closed. */
  BackgroundUpdates run() {
    updates().startRunners();
    return updates();
  }

  @Override
  public void close() {
    context.close();
    databases.close();
  }
}
