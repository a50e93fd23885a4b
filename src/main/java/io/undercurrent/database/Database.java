package io.undercurrent.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One PostgreSQL database that Undercurrent works on.
 *
 * <p>Making one opens no connection: the database may be down. The pool of {@link #jdbc()} is for
 * short statements: commands, views, wishes. A runner works on {@link #pool pools} of its own.
 *
 * <p>Where no connection can be opened, {@link #connect}, {@link #jdbc()} and {@link
 * #transactions()} throw a {@link RefusedException} that says why; it is a {@link
 * DatabaseDownException} if trying again later may help. Connections that share sessions in a
 * pooler are refused too: locks, settings and the proof of who holds the lease are the session's. A
 * server is refused as well if this process has seen a later timeline of its cluster: another one
 * has been promoted, and what is written here would be lost. On every connection, a statement to
 * which the server sends no byte for 60 seconds loses its connection; what runs longer sets {@link
 * Connection#setNetworkTimeout} first.
 */
public final class Database implements AutoCloseable {

  static final String APPLICATION_NAME = "undercurrent";

  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private static final Duration VALIDATION_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);

  private final DatabaseSettings settings;
  private final SeenPositions seen;
  private final Login login;
  private final HikariDataSource pool;
  private final SharedPool shared;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final Set<Changelog> prepared = ConcurrentHashMap.newKeySet();
  private volatile boolean refused;
  private volatile boolean ownSessions;

  public Database(DatabaseSettings settings) {
    this.settings = settings;
    this.seen = new SeenPositions(settings.name(), this::endSessions);
    this.login = new Login(settings, seen);
    this.pool = pool(APPLICATION_NAME, 3, "");
    this.shared = new SharedPool(this, pool);
    this.jdbc = JdbcClient.create(shared);
    this.transactions = new TransactionTemplate(new Transactions(shared));
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

  /** The same, for statements that need no parameters by name. */
  public JdbcTemplate template() {
    return new JdbcTemplate(shared);
  }

  /** Transactions on the shared pool, READ COMMITTED. */
  public TransactionTemplate transactions() {
    return transactions;
  }

  /**
   * Reads on one session of the shared pool what was so at one moment: REPEATABLE READ, READ ONLY.
   */
  public <T> T snapshot(Function<JdbcClient, T> read) {
    try (var connection = shared.getConnection()) {
      var session = new SingleConnectionDataSource(connection, true);
      var statements = JdbcClient.create(session);
      // By setTransactionIsolation the driver would send a statement more before, and one after.
      statements.sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").update();
      var committed = false;
      try {
        var result = read.apply(statements);
        statements.sql("COMMIT").update();
        committed = true;
        return result;
      } finally {
        if (!committed) {
          abandon(connection);
        }
      }
    } catch (SQLException e) {
      throw new UncategorizedSQLException("reading a snapshot", null, e);
    }
  }

  private static void abandon(Connection connection) {
    try (var statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      log.debug("A session was lost before it could roll back", e);
    }
  }

  /**
   * Makes the database ready for work: connects, checks the server, brings Undercurrent's schema up
   * to date. Called before a runner or a command writes, never by a command that only reads. Costs
   * one connection and four queries if nothing has changed, and a look at each of several servers.
   *
   * @throws RefusedException if the server is not supported, a pooler has connections share
   *     sessions, the role lacks privileges, or a newer Undercurrent has changed the schema
   */
  public void prepare() {
    prepare(Changelog.ENGINE);
  }

  /** The same with a part of the schema that only some jobs need. */
  public void prepare(Changelog changelog) {
    ownSessions = false;
    askHosts();
    try (var connection = connect(APPLICATION_NAME + " schema")) {
      Server.of(connection).requireSupported(name());
      new Schema(name(), changelog, connection).prepare();
      prepared.addAll(changelog.all());
      renewSessionsOnceAccepted();
    } catch (RefusedException e) {
      refused = true;
      throw e;
    } catch (SQLException | DataAccessException e) {
      throw ConnectionFailure.explain(settings, e);
    }
  }

  /**
   * Open sessions keep the old settings of their role and database, which have been corrected
   * since.
   */
  private void renewSessionsOnceAccepted() {
    if (refused) {
      endSessions();
      refused = false;
    }
  }

  /** Those in use end when they are given back. */
  private void endSessions() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  /**
   * Looks for a server that was promoted, where the url names several: which one is the primary is
   * not to be seen from the others. Costs seconds for each that does not answer.
   */
  public void askHosts() {
    login.askHosts();
  }

  /** Whether its servers say on which timeline they are; known once there was a connection. */
  public boolean tellsTimeline() {
    return seen.told();
  }

  /** Whether another server has been promoted since a timeline began. */
  public boolean isOver(Timeline timeline) {
    return seen.isOver(timeline);
  }

  /** Remembers how much of the log its server had on disk at a time. */
  public void seeAgain(Timeline timeline, long lsn, Instant at) {
    seen.seeAgain(timeline, lsn, at);
  }

  /**
   * Asks whether Undercurrent's schema exists, for a command that only reads it; changes nothing,
   * and remembers a yes.
   *
   * @throws RefusedException if it is another version's: an older one has to be brought up to date
   *     first, by {@link #prepare}
   */
  public boolean isPrepared() {
    return isPrepared(Changelog.ENGINE, Schema::requireUpToDateIfThere);
  }

  /**
   * Asks whether a part of the schema exists and is up to date, for a command that can {@link
   * #prepare(Changelog) make} it; changes nothing, and remembers a yes.
   *
   * @throws RefusedException if a newer Undercurrent has changed the schema
   */
  public boolean isPrepared(Changelog changelog) {
    return isPrepared(changelog, schema -> {});
  }

  private boolean isPrepared(Changelog changelog, Consumer<Schema> unlessUpToDate) {
    if (prepared.contains(changelog)) {
      return true;
    }
    try (var connection = connect(APPLICATION_NAME)) {
      var schema = new Schema(name(), changelog, connection);
      if (schema.isUpToDate()) {
        prepared.addAll(changelog.all());
        return true;
      }
      unlessUpToDate.accept(schema);
      return false;
    } catch (SQLException e) {
      throw ConnectionFailure.explain(settings, e);
    }
  }

  /**
   * Makes a part of the schema, and what it builds on, in a transaction of the caller's that will
   * be rolled back: statements that need it can be planned there.
   *
   * @param connection in that transaction; its lock_timeout is changed there
   * @throws RefusedException if it cannot be made
   */
  public void rehearse(Changelog changelog, Connection connection) {
    new Schema(name(), changelog, connection).rehearse();
  }

  /**
   * Opens a connection outside all pools, which the caller closes.
   *
   * @param applicationName what {@code pg_stat_activity} shows
   * @throws RefusedException if none can be opened
   */
  public Connection connect(String applicationName) {
    try {
      return withOwnSession(login.open(applicationName));
    } catch (SQLException e) {
      throw ConnectionFailure.explain(settings, e);
    }
  }

  private Connection withOwnSession(Connection connection) throws SQLException {
    try {
      if (!ownSessions) {
        login.requireOwnSession(connection);
        ownSessions = true;
      }
      return connection;
    } catch (SQLException | RefusedException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Makes a separate pool, which the caller closes; opens no connection yet.
   *
   * @param applicationName what {@code pg_stat_activity} shows
   * @param size how many connections it has at most
   * @param onConnect SQL that each new connection runs first, or empty
   */
  public HikariDataSource pool(String applicationName, int size, String onConnect) {
    return pool(applicationName, size, onConnect, Login.SOCKET_TIMEOUT);
  }

  /**
   * The same for statements that are short.
   *
   * @param silence after which time without a byte from the server a connection counts as lost
   */
  public HikariDataSource pool(
      String applicationName, int size, String onConnect, Duration silence) {
    var config = new HikariConfig();
    config.setPoolName(applicationName + "@" + settings.name());
    config.setDataSource(login.dataSource(applicationName, silence));
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(Login.LOGIN_TIMEOUT.toMillis());
    config.setValidationTimeout(VALIDATION_TIMEOUT.toMillis());
    // A role may have another level, with which statements fail that should wait.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setExceptionOverride(new UnsupportedFeatures());
    if (!onConnect.isEmpty()) {
      config.setConnectionInitSql(onConnect);
    }
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    pool.close();
  }

  /** Transactions that let a pool's refusal through as it is. */
  private static final class Transactions extends JdbcTransactionManager {

    Transactions(SharedPool pool) {
      super(pool);
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
      try {
        super.doBegin(transaction, definition);
      } catch (CannotCreateTransactionException e) {
        throw e.getCause() instanceof RefusedException refused ? refused : e;
      }
    }
  }
}
