package io.undercurrent;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import io.undercurrent.testing.process.Distribution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The distribution on a database of its own, as an operator has it. */
@PostgresTest
abstract class OperatorsPlace {

  /** A process that ends soon is done before the second compiler pays. */
  private static final Map<String, String> STARTS_FAST =
      Map.of("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");

  @TempDir private static Path directory;

  private static Distribution distribution;
  Database database;

  @BeforeAll
  static void unpack() throws Exception {
    distribution = Distribution.unpack(directory);
    Files.createDirectory(directory.resolve("jobs"));
  }

  @BeforeEach
  void configure(TestDatabases databases) throws Exception {
    var superusers = databases.createEmpty();
    database = databases.as("right_rows", superusers);
    Rows.run(
        superusers,
        """
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO right_rows', current_database()); END $$""",
        "ALTER SCHEMA public OWNER TO right_rows");
    Files.writeString(
        distribution.file("config/application.yaml"),
        """
        undercurrent:
          jobs-directory: "%s"
          background-updates: {sleep-enabled: false}
          databases:
            - {name: main, url: "%s", username: right_rows}
        """
            .formatted(directory.resolve("jobs"), database.settings().url()));
  }

  /** Has the distribution read lines from its standard input. */
  static Distribution.Result script(String lines) throws Exception {
    return distribution.undercurrent(STARTS_FAST, lines);
  }

  static Distribution.Result undercurrent(String... words) throws Exception {
    return distribution.undercurrent(STARTS_FAST, "", words);
  }

  void job(String name, String table, String key, String write) throws Exception {
    file(name, "read: {table: %s, key: [%s]}\nwrite: %s".formatted(table, key, write));
  }

  void file(String name, String work) throws Exception {
    Files.writeString(
        directory.resolve("jobs").resolve(name + ".yaml"),
        "updates:\n  - name: %s\n%s".formatted(name, work.indent(4)));
  }
}
