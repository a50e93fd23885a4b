package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.undercurrent.testing.PostgresTest;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PostgresTest
class SqlFailureTests {

  @Test
  void tellsWhatTheServerSaidOnOneLine(Database database) {
    database.jdbc().sql("CREATE TABLE rooms (id bigint PRIMARY KEY)").update();
    database.jdbc().sql("INSERT INTO rooms VALUES (1)").update();

    var failure =
        SqlFailure.of(
            catchThrowable(() -> database.jdbc().sql("INSERT INTO rooms VALUES (1)").update()));

    assertThat(failure.sentence())
        .isEqualTo(
            "duplicate key value violates unique constraint \"rooms_pkey\": Key (id)=(1) already exists. (SQLSTATE 23505)");
    assertThat(failure.sqlState()).isEqualTo("23505");
    assertThat(failure.down()).isFalse();
  }

  @Test
  void knowsALostSession(Database database) throws SQLException {
    try (var connection = database.connect("victim");
        var statement = connection.createStatement()) {
      database
          .jdbc()
          .sql(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'")
          .query()
          .singleRow();

      var failure = SqlFailure.of(catchThrowable(() -> statement.execute("SELECT 1")));

      assertThat(failure.down()).isTrue();
      assertThat(failure.sqlState()).isIn("57P01", "08006");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"08001", "08003", "08006", "25P03", "25P04", "53300", "57P01", "57P03"})
  void takesTheseForDown(String sqlState) {
    assertThat(SqlFailure.of(new SQLException("x", sqlState)).down()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"08004", "28P01", "3D000", "40001", "42501", "53100", "57014", "55P03"})
  void doesNotTakeTheseForDown(String sqlState) {
    assertThat(SqlFailure.of(new SQLException("x", sqlState)).down()).isFalse();
  }

  @Test
  void looksBehindThePoolsTimeout() {
    var timeout = new SQLTransientConnectionException("Connection is not available");
    var refused = new SQLTransientConnectionException("timed out", new SQLException("no", "28P01"));

    assertThat(SqlFailure.of(timeout))
        .isEqualTo(new SqlFailure("Connection is not available", null, true));
    assertThat(SqlFailure.of(new IllegalStateException(refused)))
        .isEqualTo(new SqlFailure("no (SQLSTATE 28P01)", "28P01", false));
  }

  @Test
  void namesWhatIsNoSqlErrorByItsMessageOrType() {
    assertThat(SqlFailure.of(new IllegalStateException("worn\n  out")).sentence())
        .isEqualTo("worn out");
    assertThat(SqlFailure.of(new NullPointerException()).sentence())
        .isEqualTo("NullPointerException");
  }
}
