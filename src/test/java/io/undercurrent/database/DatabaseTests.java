package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@PostgresTest
class DatabaseTests {

  @Test
  @Timeout(5)
  void saysAtOnceThatNothingListens() throws IOException {
    var url = "jdbc:postgresql://127.0.0.1:%d/synapse".formatted(freePort());
    try (var database = new Database(new DatabaseSettings("master", url, "u", "hush"))) {
      assertThatThrownBy(() -> database.jdbc().sql("SELECT 1").query().singleRow())
          .isInstanceOf(DatabaseDownException.class)
          .hasMessage(
              "Database 'master': nothing listens at %s (SQLSTATE 08001). Start PostgreSQL there, or correct the url configured for it",
              database.settings().location());
      assertThatThrownBy(() -> database.transactions().execute(status -> "x"))
          .isInstanceOf(DatabaseDownException.class);
      assertThatThrownBy(() -> database.connect("test")).isInstanceOf(DatabaseDownException.class);
      assertThatThrownBy(database::prepare).isInstanceOf(DatabaseDownException.class);
      assertThatThrownBy(database::isPrepared).isInstanceOf(DatabaseDownException.class);
    }
  }

  @Test
  @Timeout(5)
  void saysThatAHostIsNotKnown() {
    assertThatThrownBy(() -> connect("jdbc:postgresql://nowhere.invalid/synapse", "u"))
        .isInstanceOf(DatabaseDownException.class)
        .hasMessageStartingWith(
            "Database 'master': the host in nowhere.invalid:5432/synapse cannot be found (SQLSTATE 08001).");
  }

  @Test
  @Timeout(5)
  void givesUpOnAServerThatNeverAnswers() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var url =
          "jdbc:postgresql://127.0.0.1:%d/synapse?loginTimeout=1".formatted(silent.getLocalPort());

      assertThatThrownBy(() -> connect(url, "u"))
          .isInstanceOf(DatabaseDownException.class)
          .hasMessage(
              "Database 'master': 127.0.0.1:%d/synapse is down: Connection attempt timed out. (SQLSTATE 08001)",
              silent.getLocalPort());
    }
  }

  @Test
  void refusesAServerWithoutTheEncryptionThatIsAskedFor(Database database) {
    assertThatThrownBy(() -> connect(database.settings().url() + "?sslmode=require", "postgres"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'master': expected a server at %s that encrypts, as its configured url requires, got: The server does not support SSL. (SQLSTATE 08004). Set ssl = on there, or choose another sslmode in the url",
            database.settings().location());
  }

  @Test
  void refusesADatabaseThatDoesNotExist(TestDatabases databases) {
    var url = databases.superuser().url().replaceFirst("postgres$", "nowhere");

    assertThatThrownBy(() -> connect(url, "postgres"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageContaining("got: database \"nowhere\" does not exist (SQLSTATE 3D000).")
        .hasMessageEndingWith("Create it, or correct the url configured for it");
  }

  @Test
  void refusesARoleThatDoesNotExist(Database database) {
    assertThatThrownBy(() -> connect(database.settings().url(), "nobody"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageStartingWith("Database 'master': expected a login that PostgreSQL at localhost:")
        .hasMessageContaining("got: role \"nobody\" does not exist (SQLSTATE 28000).");
  }

  @Test
  void refusesARoleThatMayNotConnect(Database database, TestDatabases databases) {
    var stranger = databases.as("stranger", database);
    database
        .jdbc()
        .sql(
            "DO $$BEGIN EXECUTE 'REVOKE CONNECT ON DATABASE ' || current_database() || ' FROM public'; END$$")
        .update();

    assertThatThrownBy(() -> stranger.connect("test"))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageContaining("expected a role that may connect to")
        .hasMessageEndingWith("Grant it CONNECT on the database");
  }

  @Test
  void takesAFullServerForDown(Database database, TestDatabases databases) {
    var crowded = databases.as("crowded", database);
    database.jdbc().sql("ALTER ROLE crowded CONNECTION LIMIT 0").update();

    assertThatThrownBy(() -> crowded.connect("test"))
        .isInstanceOf(DatabaseDownException.class)
        .hasMessageContaining(
            "accepts no more connections: too many connections for role \"crowded\" (SQLSTATE 53300).");
  }

  @Test
  void refusesToPrepareAStandby(TestDatabases databases) {
    var database = databases.createEmpty();
    database
        .jdbc()
        .sql(
            "DO $$BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = on'; END$$")
        .update();

    assertThatThrownBy(database::prepare)
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessageContaining("default_transaction_read_only is on for the database");
  }

  @Test
  void goesOnAfterTheServerEndedItsSessions(Database database) {
    database.jdbc().sql("SELECT 1").query().singleRow();
    database
        .jdbc()
        .sql(
            """
            SELECT count(pg_terminate_backend(pid))
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND pid <> pg_backend_pid()""")
        .query()
        .singleRow();

    assertThat(database.jdbc().sql("SELECT 2").query(Integer.class).single()).isEqualTo(2);
  }

  @Test
  void keepsStatementsTogetherInATransaction(Database database) {
    database.jdbc().sql("CREATE TABLE rooms (id bigint)").update();

    assertThatThrownBy(
            () ->
                database
                    .transactions()
                    .executeWithoutResult(
                        status -> {
                          database.jdbc().sql("INSERT INTO rooms VALUES (1)").update();
                          throw new IllegalStateException("too late");
                        }))
        .hasMessage("too late");

    assertThat(database.jdbc().sql("SELECT id FROM rooms").query().listOfRows()).isEmpty();
  }

  @Test
  void namesItsSessions(Database database) throws SQLException {
    try (var pool = database.pool("a runner", 2, "SET lock_timeout = '2s'");
        var pooled = pool.getConnection();
        var single = database.connect("a lease")) {
      assertThat(setting(pooled, "application_name")).isEqualTo("a runner");
      assertThat(setting(pooled, "lock_timeout")).isEqualTo("2s");
      assertThat(setting(single, "application_name")).isEqualTo("a lease");
      assertThat(Duration.ofMillis(pooled.getNetworkTimeout())).isEqualTo(Duration.ofMinutes(1));
      assertThat(single.getNetworkTimeout()).isEqualTo(pooled.getNetworkTimeout());
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("SHOW " + name)) {
      result.next();
      return result.getString(1);
    }
  }

  private static void connect(String url, String username) throws SQLException {
    try (var database = new Database(new DatabaseSettings("master", url, username, null))) {
      database.connect("test").close();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
