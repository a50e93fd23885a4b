package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.undercurrent.database.Database;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * A real homeserver's rows before and after its jobs, as CSV files outside the repository: in the
 * directory that the system property {@code undercurrent.homeserver-oracle} names, or in {@code
 * ../shared/homeserver-oracle}. Tests that need it are skipped where it is not.
 */
final class HomeserverOracle {

  static final String SERVER_NAME = "oracle.test";

  private static final Path DIRECTORY =
      Path.of(
          System.getProperty(
              "undercurrent.homeserver-oracle",
              Path.of("..", "shared", "homeserver-oracle").toString()));

  private final Database database;

  /** Makes the homeserver's tables and loads what was in them before the jobs. */
  HomeserverOracle(TestDatabases databases) throws IOException, SQLException {
    assumeTrue(Files.isDirectory(DIRECTORY), "no homeserver oracle in " + DIRECTORY);
    this.database = Homeserver.in(databases).database();
    try (var files = Files.list(DIRECTORY.resolve("input"))) {
      for (var file : files.toList()) {
        copy(file, file.getFileName().toString().replace(".csv", ""));
      }
    }
    database.jdbc().sql("ANALYZE").update();
  }

  Database database() {
    return database;
  }

  private void copy(Path file, String table) throws IOException, SQLException {
    try (var connection = database.connect("oracle");
        var csv = Files.newBufferedReader(file)) {
      var columns = csv.readLine();
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY %s (%s) FROM STDIN WITH (FORMAT csv)".formatted(table, columns), csv);
    }
  }

  /** The tables that the homeserver's jobs have written. */
  List<String> expectedTables() throws IOException {
    try (var files = Files.list(DIRECTORY.resolve("expected"))) {
      var tables = files.map(file -> file.getFileName().toString().replace(".csv", "")).toList();
      assertThat(tables).hasSize(7);
      return tables;
    }
  }

  /** Asserts that a table holds exactly what the homeserver's jobs have left in it. */
  void assertSame(String table) throws IOException, SQLException {
    var expected = "expected_" + table;
    database.jdbc().sql("CREATE TABLE %s (LIKE %s)".formatted(expected, table)).update();
    copy(DIRECTORY.resolve("expected").resolve(table + ".csv"), expected);

    assertThat(rows(table)).as(table).containsExactlyInAnyOrderElementsOf(rows(expected));
  }

  private List<String> rows(String table) {
    return database
        .jdbc()
        .sql("SELECT CAST(to_json(row) AS text) FROM %s AS row".formatted(table))
        .query(String.class)
        .list();
  }
}
