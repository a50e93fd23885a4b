package io.undercurrent.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLHandshakeException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Opens connections to a database, and checks each new one. Where the url names several servers, an
 * old primary among them is passed over.
 */
final class Login {

  private static final Logger log = LoggerFactory.getLogger(Login.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);
  static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POOLER_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration HOST_TIMEOUT = Duration.ofSeconds(2);
  private static final int CUTS = 3;

  private final DatabaseSettings settings;
  private final SeenPositions seen;
  private final Set<String> passedOver = ConcurrentHashMap.newKeySet();
  private boolean hostsAsked;

  Login(DatabaseSettings settings, SeenPositions seen) {
    this.settings = settings;
    this.seen = seen;
  }

  /** The driver's properties for a connection of that name. */
  private Properties properties(String applicationName) {
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

  /**
   * Opens connections for a pool.
   *
   * @param silence after which time without a byte from the server one counts as lost
   */
  DataSource dataSource(String applicationName, Duration silence) {
    return new AbstractDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        var properties = properties(applicationName);
        properties.setProperty("socketTimeout", String.valueOf(silence.toSeconds()));
        return open(properties);
      }

      @Override
      public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
      }

      @Override
      public void setLoginTimeout(int seconds) {
        // the driver's property
      }
    };
  }

  /**
   * Opens a connection that the caller closes.
   *
   * @throws OldPrimaryException if no server accepts it but one whose place another has taken
   */
  Connection open(String applicationName) throws SQLException {
    return open(properties(applicationName));
  }

  private Connection open(Properties properties) throws SQLException {
    askHostsFirst();
    var connection = connect(settings.url(), properties);
    try {
      isPrimary(connection);
      return connection;
    } catch (OldPrimaryException e) {
      return passOver(e, properties);
    }
  }

  /** The driver would take the first server that accepts it. */
  private Connection passOver(OldPrimaryException old, Properties properties) {
    for (var url : settings.urlsOfHosts()) {
      try {
        var connection = connect(url, properties);
        if (isPrimary(connection)) {
          if (passedOver.add(old.host())) {
            log.warn("Another server is used instead. {}", old.getMessage());
          }
          return connection;
        }
        connection.close();
      } catch (SQLException | OldPrimaryException e) {
        log.debug("Nor is {} used", url, e);
      }
    }
    throw old;
  }

  /** Whether it says that it accepts writes; closes the connection to one that is not accepted. */
  private boolean isPrimary(Connection connection) throws SQLException {
    try {
      return seen.require(connection) != null;
    } catch (SQLException | OldPrimaryException e) {
      connection.close();
      throw e;
    }
  }

  private synchronized void askHostsFirst() {
    if (!hostsAsked) {
      askHosts();
      hostsAsked = true;
    }
  }

  /**
   * Where the url names several servers, looks at each of them: one may have been promoted, which
   * the others do not know.
   */
  void askHosts() {
    var urls = settings.urlsOfHosts();
    if (urls.size() > 1) {
      urls.forEach(this::ask);
    }
  }

  private void ask(String url) {
    var properties = properties(Database.APPLICATION_NAME + " hosts");
    for (var timeout : Set.of("connectTimeout", "loginTimeout", "socketTimeout")) {
      properties.setProperty(timeout, String.valueOf(HOST_TIMEOUT.toSeconds()));
    }
    try (var connection = DriverManager.getConnection(url, properties)) {
      seen.require(connection);
    } catch (SQLException | OldPrimaryException e) {
      log.debug("A server of {} is not the primary: {}", settings.name(), e.getMessage());
    }
  }

  // A server that refuses our certificate hangs up at once; its reason may get lost.
  private Connection connect(String url, Properties properties) throws SQLException {
    for (var cuts = 1; ; cuts++) {
      try {
        return DriverManager.getConnection(url, properties);
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
      return connect(settings.url(), properties);
    } catch (SQLException e) {
      throw ConnectionFailure.noSecondSession(settings, e);
    }
  }
}
