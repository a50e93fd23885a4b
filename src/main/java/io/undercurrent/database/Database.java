package io.undercurrent.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One PostgreSQL database that Undercurrent works on.
 *
 * <p>Making one opens no connection: the database may be down. The pool behind {@link #jdbc()} is
 * for short statements: commands, views, wishes. A runner works on {@link #pool pools} of its own.
 */
public final class Database implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  public Database(DatabaseSettings settings) {
    this.settings = settings;
    this.pool = pool("undercurrent", 3, "");
    this.jdbc = JdbcClient.create(pool);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
  }

  /** What the database is called in the configuration. */
  public String name() {
    return settings.name();
  }

  /** How it is reached; the password is in it, the text form leaves it out. */
  public DatabaseSettings settings() {
    return settings;
  }

  /** Statements on the shared pool, each on its own or together in {@link #transactions()}. */
  public JdbcClient jdbc() {
    return jdbc;
  }

  /** Transactions on the shared pool, READ COMMITTED. */
  public TransactionTemplate transactions() {
    return transactions;
  }

  /** Brings Undercurrent's schema up to date; made for starts, never for read-only commands. */
  public void prepare() {
    try (var connection = connect("undercurrent schema")) {
      new Schema(connection).prepare();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens a connection of its own, which the caller closes. */
  public Connection connect(String applicationName) throws SQLException {
    var properties = driverProperties(applicationName);
    if (settings.username() != null) {
      properties.setProperty("user", settings.username());
    }
    if (settings.password() != null) {
      properties.setProperty("password", settings.password());
    }
    return DriverManager.getConnection(settings.url(), properties);
  }

  /**
   * Makes a separate pool, which the caller closes; opens no connection yet.
   *
   * @param applicationName what {@code pg_stat_activity} shows
   * @param size how many connections it has at most
   * @param onConnect SQL that each new connection runs first, or empty
   */
  public HikariDataSource pool(String applicationName, int size, String onConnect) {
    var config = new HikariConfig();
    config.setPoolName(applicationName + "@" + settings.name());
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.username());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    config.setDataSourceProperties(driverProperties(applicationName));
    if (!onConnect.isEmpty()) {
      config.setConnectionInitSql(onConnect);
    }
    return new HikariDataSource(config);
  }

  private static Properties driverProperties(String applicationName) {
    var properties = new Properties();
    properties.setProperty("ApplicationName", applicationName);
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT.toSeconds()));
    properties.setProperty("socketTimeout", String.valueOf(SOCKET_TIMEOUT.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    return properties;
  }

  @Override
  public void close() {
    pool.close();
  }
}
