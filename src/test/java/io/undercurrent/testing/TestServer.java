package io.undercurrent.testing;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The PostgreSQL server of this test JVM, with a prepared database to copy. */
final class TestServer {

  static final String PREPARED = "prepared";

  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long ENOUGH = 4L << 30;

  private final EmbeddedPostgres postgres;
  private final JdbcClient superuser;
  private final String strategy;
  private final AtomicInteger count = new AtomicInteger();
  private final Map<String, String> templates = new HashMap<>();
  private CompletableFuture<String> spare = new CompletableFuture<>();
  private List<String> closed = List.of();
  private CompletableFuture<Void> removed = CompletableFuture.completedFuture(null);

  private TestServer() {
    try {
      var builder =
          EmbeddedPostgres.builder()
              .setPGStartupWait(Duration.ofMinutes(1))
              .setLocaleConfig("locale", "C");
      if (isRoomy(MEMORY)) {
        // A new database takes a tenth of the time there, and the tests make hundreds.
        builder.setDataDirectory(Files.createTempDirectory(MEMORY, "undercurrent-test-"));
      }
      this.postgres = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.superuser = JdbcClient.create(sessions(settings("postgres", "postgres")));
    // Without it, PostgreSQL 15 and later write a new database into the log, page by page.
    this.strategy = version() >= 150000 ? "STRATEGY file_copy" : "";
    prepareTemplate();
    makeSpare();
  }

  /** A pool: to open a session for each statement would cost more than most statements do. */
  private static DataSource sessions(DatabaseSettings settings) {
    return new Database(settings).pool("tests", 3, "");
  }

  private int version() {
    return superuser.sql("SHOW server_version_num").query(Integer.class).single();
  }

  private static boolean isRoomy(Path directory) {
    return Files.isWritable(directory) && directory.toFile().getUsableSpace() > ENOUGH;
  }

  static TestServer get() {
    return Holder.SERVER;
  }

  /** A new copy of the template; the next one of the prepared database is made meanwhile. */
  synchronized String createDatabase(String template) {
    if (!template.equals(PREPARED)) {
      return copy(template);
    }
    var name = spare.join();
    makeSpare();
    return name;
  }

  /** The template of that name, a prepared database that is made into one when it is asked for. */
  synchronized String template(String name, Consumer<Database> make) {
    return templates.computeIfAbsent(
        name,
        absent -> {
          var template = copy(PREPARED);
          try (var database = new Database(settings("master", template))) {
            make.accept(database);
          }
          return template;
        });
  }

  String createDatabaseIn(String encoding) {
    var name = "test_" + count.incrementAndGet();
    create(name, "template0", encoding);
    return name;
  }

  private void makeSpare() {
    spare = CompletableFuture.supplyAsync(() -> copy(PREPARED));
  }

  private String copy(String template) {
    var name = "test_" + count.incrementAndGet();
    create(name, template);
    return name;
  }

  /**
   * Has databases closed while the next test runs, and dropped while the one after it does: the
   * server is slow to drop one whose sessions have yet to end.
   */
  synchronized void remove(List<Database> opened, List<String> names) {
    var before = removed;
    var ended = closed;
    closed = names;
    removed =
        before
            .exceptionally(failure -> null)
            .thenRunAsync(
                () -> {
                  close(opened, names);
                  ended.forEach(this::dropDatabase);
                });
    before.join();
  }

  private void close(List<Database> opened, List<String> names) {
    opened.forEach(Database::close);
    superuser
        .sql(
            """
            SELECT pg_terminate_backend(pid)
              FROM pg_stat_activity
             WHERE datname = ANY (CAST(:names AS text[]))""")
        .param("names", names.toArray(String[]::new))
        .query()
        .listOfRows();
  }

  void dropDatabase(String name) {
    superuser.sql("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)").update();
  }

  void createRole(String name) {
    var exists =
        superuser
            .sql("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :name)")
            .param("name", name)
            .query(Boolean.class)
            .single();
    if (!exists) {
      superuser.sql("CREATE ROLE " + name + " LOGIN").update();
    }
  }

  void dropRole(String name) {
    superuser.sql("DROP ROLE IF EXISTS " + name).update();
  }

  DatabaseSettings settings(String name, String databaseName) {
    var url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + databaseName;
    return new DatabaseSettings(name, url, "postgres", null);
  }

  private void prepareTemplate() {
    create(PREPARED, "template0");
    try (var database = new Database(settings(PREPARED, PREPARED))) {
      database.prepare();
    }
  }

  private void create(String name, String template) {
    create(name, template, "UTF8");
  }

  private void create(String name, String template, String encoding) {
    superuser
        .sql(
            "CREATE DATABASE %s TEMPLATE %s ENCODING %s LC_COLLATE 'C' LC_CTYPE 'C' %s"
                .formatted(name, template, encoding, strategy))
        .update();
  }

  /** Starts the server when it is first asked for. */
  private static final class Holder {
    static final TestServer SERVER = new TestServer();
  }
}
