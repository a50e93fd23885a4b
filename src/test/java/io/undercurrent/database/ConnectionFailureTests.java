package io.undercurrent.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class ConnectionFailureTests {

  private static final DatabaseSettings SETTINGS =
      new DatabaseSettings("state", "jdbc:postgresql://db/synapse?password=hush", "u", "hush");

  @Test
  void takesAServerThatStartsForDown() {
    assertThat(explain(new SQLException("the database system is starting up", "57P03")))
        .isInstanceOf(DatabaseDownException.class)
        .hasMessage(
            "Database 'state': db:5432/synapse accepts no connections yet: the database system is starting up (SQLSTATE 57P03). Try again in a moment");
  }

  @Test
  void takesASilentNetworkForDown() {
    assertThat(explain(new SQLException("failed", "08001", new SocketTimeoutException())))
        .isInstanceOf(DatabaseDownException.class)
        .hasMessage(
            "Database 'state': no answer from db:5432/synapse in time (SQLSTATE 08001). Check whether a firewall drops the connection");
  }

  @Test
  void takesABusyPoolForDown() {
    assertThat(explain(new SQLTransientConnectionException("pool is busy")))
        .isInstanceOf(DatabaseDownException.class)
        .hasMessage("Database 'state': db:5432/synapse is down: pool is busy");
  }

  @Test
  void refusesWhatTryingAgainDoesNotMend() {
    assertThat(explain(new SQLException("password missing", "08004")))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage(
            "Database 'state': expected a login that PostgreSQL at db:5432/synapse accepts, got: password missing (SQLSTATE 08004). Correct the username, the password or the url configured for it, or pg_hba.conf there");
    assertThat(explain(new SQLException("odd", "XX000")))
        .isExactlyInstanceOf(RefusedException.class)
        .hasMessage("Database 'state': db:5432/synapse cannot be used: odd (SQLSTATE XX000)");
  }

  private static RefusedException explain(SQLException failure) {
    return ConnectionFailure.explain(SETTINGS, failure);
  }
}
