package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class ServerTests {

  @Test
  void readsVersionAndMode(Database database) throws SQLException {
    try (var connection = database.connect("test")) {
      var server = Server.of(connection);

      assertThat(server.number()).isEqualTo(show(database, "server_version_num", Integer.class));
      assertThat(server.text())
          .startsWith("PostgreSQL " + show(database, "server_version", String.class));
      assertThat(server.readOnly()).isNull();
      server.requireSupported("master");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          140000 | PostgreSQL 14.0 (Debian 14.0-1.pgdg110+1) on x86_64-pc-linux-gnu, compiled by gcc
          150018 | PostgreSQL 15.18, compiled by Visual C++ build 1940, 64-bit
          189999 | PostgreSQL 18.99 on aarch64-apple-darwin
          180000 | PostgreSQL 18beta1 on x86_64-pc-linux-gnu
          """)
  void acceptsPostgresql14To18(int number, String text) {
    assertThatCode(() -> new Server(number, text, null).requireSupported("master"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          139999 | PostgreSQL 13.99 on x86_64-pc-linux-gnu
          190000 | PostgreSQL 19devel on x86_64-pc-linux-gnu
          150002 | PostgreSQL 15.2-YB-2.25.0.0-b0 on x86_64-pc-linux-gnu
          140000 | CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)
          """)
  void refusesOtherVersionsAndOtherProducts(int number, String text) {
    assertThatThrownBy(() -> new Server(number, text, null).requireSupported("state"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'state': expected PostgreSQL 14 to 18, found '%s'. Move it to a supported version, or use an Undercurrent that supports this one"
                .formatted(text));
  }

  @Test
  void refusesAServerThatTakesNoWrites() {
    assertThatThrownBy(
            () -> new Server(180000, "PostgreSQL 18.0", "standby||").requireSupported("state"))
        .hasMessage(
            "Database 'state': expected a server that accepts writes, but it is a standby. Point the url at the primary, or promote this one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SELECT 'PostgreSQL 15.2-YB-2.25.0.0'  | expected PostgreSQL 14 to 18, found 'PostgreSQL 15.2-YB-2.25.0.0'
          SELECT (1 / (random() * 0)::int)::text | cannot be used: division by zero (SQLSTATE 22012)
          """)
  void refusesADatabaseThatOnlyPosesAsPostgresql(
      String version, String problem, TestDatabases databases) {
    var database = databases.createEmpty();
    Rows.run(
        database,
        "CREATE SCHEMA pose",
        "CREATE FUNCTION pose.version() RETURNS text LANGUAGE sql AS $$" + version + "$$",
        "ALTER ROLE postgres IN DATABASE %s SET search_path = pose, pg_catalog"
            .formatted(database.settings().location().replaceFirst(".*/", "")));

    assertThatThrownBy(database::prepare)
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageStartingWith("Database 'master': ")
        .hasMessageContaining(problem);
  }

  private static <T> T show(Database database, String setting, Class<T> type) {
    return database.jdbc().sql("SHOW " + setting).query(type).single();
  }
}
