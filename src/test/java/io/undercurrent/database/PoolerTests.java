package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.testing.PgBouncer;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.TestDatabases;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class PoolerTests {

  private static final String INSTALLED = "io.undercurrent.testing.PgBouncer#isInstalled";
  private static final String REASON = "pgbouncer is not installed";

  @ParameterizedTest
  @ValueSource(strings = {"transaction", "statement"})
  @EnabledIf(value = INSTALLED, disabledReason = REASON)
  void refusesAPoolerThatSharesSessionsAndLeavesNothingThere(
      String poolMode, TestDatabases databases) throws Exception {
    var server = databases.createEmpty();
    try (var pooler = PgBouncer.start(server, poolMode);
        var neighbour = client(pooler)) {
      var database = pooler.database();

      for (var use :
          List.<ThrowingCallable>of(
              database::prepare,
              database::isPrepared,
              () -> database.connect("test"),
              () -> database.jdbc().sql("SELECT 1").query().singleRow(),
              () -> database.transactions().execute(status -> 1))) {
        assertThatThrownBy(use)
            .isExactlyInstanceOf(RefusedException.class)
            .hasMessage(
                "Database 'master': expected a session of its own for each connection, found a pooler at %s that shares them, as PgBouncer does in transaction or statement mode: locks and settings would end up in the sessions of other clients. Set pool_mode = session there for this user or database, or configure the url of the server itself",
                database.settings().location());
      }
      assertThat(answer(neighbour, "SHOW lock_timeout")).isEqualTo("0");
      assertThat(advisoryLocks(server)).isZero();
      assertThat(server.isPrepared()).isFalse();
      server.prepare();
      assertThat(server.isPrepared()).isTrue();
    }
  }

  @Test
  @EnabledIf(value = INSTALLED, disabledReason = REASON)
  void refusesOneThatSharesSessionsInTurn(Database server) throws Exception {
    try (var pooler = PgBouncer.start(server, "transaction", "server_round_robin = 1");
        var one = client(pooler);
        var other = client(pooler)) {
      one.setAutoCommit(false);
      answer(one, "SELECT 1");
      answer(other, "SELECT 1");
      one.commit();

      assertThatThrownBy(pooler.database()::prepare)
          .isExactlyInstanceOf(RefusedException.class)
          .hasMessageContaining("that shares them");
    }
  }

  @Test
  @EnabledIf(value = INSTALLED, disabledReason = REASON)
  void worksThroughOneThatGivesEachConnectionItsSession(TestDatabases databases) throws Exception {
    var server = databases.createEmpty();
    try (var pooler = PgBouncer.start(server, "session", "server_reset_query =")) {
      var database = pooler.database();

      database.prepare();

      assertThat(database.isPrepared()).isTrue();
      assertThat(database.jdbc().sql("SELECT 1").query(Integer.class).single()).isEqualTo(1);
      assertThat(advisoryLocks(server)).isZero();
    }
  }

  @Test
  @EnabledIf(value = INSTALLED, disabledReason = REASON)
  void asksForMoreSessionsWhereThereIsOnlyOne(Database server) throws Exception {
    try (var pooler =
        PgBouncer.start(server, "session", "default_pool_size = 1", "query_wait_timeout = 1")) {

      assertThatThrownBy(pooler.database()::prepare)
          .isInstanceOf(DatabaseDownException.class)
          .hasMessageContaining("expected a second session from the pooler")
          .hasMessageContaining("got: query_wait_timeout (SQLSTATE 08P01).");
    }
  }

  @Test
  void findsNoPoolerWhereThereIsNone(Database database) throws SQLException {
    try (var connection = database.connect("test")) {
      assertThat(Pooler.isBehind(connection)).isFalse();
    }
  }

  private static Connection client(PgBouncer pooler) throws SQLException {
    var settings = pooler.database().settings();
    return DriverManager.getConnection(settings.url(), settings.username(), "");
  }

  private static String answer(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static long advisoryLocks(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT count(*)
              FROM pg_locks
              JOIN pg_database ON oid = database
             WHERE locktype = 'advisory'
               AND datname = current_database()""")
        .query(Long.class)
        .single();
  }
}
