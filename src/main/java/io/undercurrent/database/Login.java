package io.undercurrent.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.net.ssl.SSLHandshakeException;

/** Opens connections to a database, and checks each new one. */
final class Login {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POOLER_TIMEOUT = Duration.ofSeconds(5);
  private static final int CUTS = 3;

  private final DatabaseSettings settings;

  Login(DatabaseSettings settings) {
    this.settings = settings;
  }

  /** The driver's properties for a connection of that name. */
  Properties properties(String applicationName) {
    var properties = new Properties();
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("loginTimeout", String.valueOf(LOGIN_TIMEOUT.toSeconds()));
    properties.setProperty("socketTimeout", String.valueOf(SOCKET_TIMEOUT.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    if (settings.username() != null) {
      properties.setProperty("user", settings.username());
    }
    if (settings.password() != null) {
      properties.setProperty("password", settings.password());
    }
    return properties;
  }

  /** Opens a connection that the caller closes. */
  Connection open(String applicationName) throws SQLException {
    return open(properties(applicationName));
  }

  // A server that refuses our certificate hangs up at once; its reason may get lost.
  private Connection open(Properties properties) throws SQLException {
    for (var cuts = 1; ; cuts++) {
      try {
        return DriverManager.getConnection(settings.url(), properties);
      } catch (SQLException e) {
        var cut = TrustFailure.cut(e);
        if (cut.isEmpty()) {
          throw e;
        }
        if (cuts == CUTS) {
          throw refusedHandshake(e, cut.get());
        }
      }
    }
  }

  private static SQLException refusedHandshake(SQLException failure, IOException cut) {
    var refused =
        new SSLHandshakeException(
            "the server hung up %d times in a row when the encryption began (%s), its log says why"
                .formatted(CUTS, cut.getMessage()));
    refused.addSuppressed(failure);
    return new SQLException(failure.getMessage(), failure.getSQLState(), refused);
  }

  /**
   * Makes sure that a connection has its session for itself; costs one query if no pooler answers.
   *
   * @throws RefusedException if a pooler gives it to other connections as well
   */
  void requireOwnSession(Connection connection) throws SQLException {
    if (!Pooler.isBehind(connection)) {
      return;
    }
    try (var second = second()) {
      if (Pooler.sharesSessions(connection, second)) {
        throw ConnectionFailure.sharedSessions(settings);
      }
    }
  }

  private Connection second() {
    var properties = properties(Database.APPLICATION_NAME + " pooler");
    properties.setProperty("loginTimeout", String.valueOf(POOLER_TIMEOUT.toSeconds()));
    properties.setProperty("socketTimeout", String.valueOf(POOLER_TIMEOUT.toSeconds()));
    try {
      return open(properties);
    } catch (SQLException e) {
      throw ConnectionFailure.noSecondSession(settings, e);
    }
  }
}
