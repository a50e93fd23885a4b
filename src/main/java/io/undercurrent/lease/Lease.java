package io.undercurrent.lease;

import com.zaxxer.hikari.HikariDataSource;
import io.undercurrent.database.Database;
import io.undercurrent.time.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The right of one process to run a database's updates: a row with an epoch, on the database's
 * clock. Holding it is proved in every transaction by {@link #fence}, never by memory.
 *
 * <p>It lives on a connection of its own, so that a long chunk does not keep it from renewal.
 */
public final class Lease implements AutoCloseable {

  /** What {@code pg_stat_activity} shows of the sessions that updates run on. */
  static final String RUNNER = "undercurrent runner";

  public static final Duration RENEWAL = Duration.ofSeconds(5);
  public static final Duration EXPIRY = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  /** Whether a recorded session still lives; start times of other roles' sessions are hidden. */
  private static final String CONNECTED =
      """
      EXISTS (SELECT
                FROM undercurrent.lease_backends recorded
                JOIN pg_stat_activity session
                  ON session.pid = recorded.pid
                 AND (session.backend_start = recorded.backend_start
                      OR session.backend_start IS NULL)
               WHERE recorded.epoch = lease.epoch)""";

  private static final String TAKEABLE =
      "(owner IS NULL OR owner_id = :ownerId OR expires_at < clock_timestamp() OR NOT "
          + CONNECTED
          + ")";

  private final Database database;
  private final Owner owner;
  private final long epoch;
  private final HikariDataSource pool;
  private final JdbcClient jdbc;
  private final TimeSource time;
  private long renewedAt;

  private Lease(Database database, Owner owner, long epoch, TimeSource time) {
    this.database = database;
    this.owner = owner;
    this.epoch = epoch;
    this.pool = database.pool("undercurrent lease", 1, registration(epoch));
    this.jdbc = JdbcClient.create(pool);
    this.time = time;
    this.renewedAt = time.nanos();
  }

  /**
   * Takes the lease if nobody has it, its holder has not renewed it, or has lost all connections.
   * The old holder's sessions are terminated first.
   *
   * @param starting whether this is a process's first look; it then resets {@code enabled} if
   *     nobody else runs the database
   * @param time how the time since a renewal is measured
   */
  public static Optional<Lease> take(
      Database database, Owner owner, boolean starting, TimeSource time) {
    var jdbc = database.jdbc();
    var seen =
        jdbc.sql("SELECT epoch FROM undercurrent.lease AS lease WHERE " + TAKEABLE)
            .param("ownerId", owner.id())
            .query(Long.class)
            .optional();
    if (seen.isEmpty()) {
      return Optional.empty();
    }
    terminateSessions(database, seen.get());
    var taken =
        database
            .transactions()
            .execute(status -> take(database, owner, seen.get(), starting, time));
    if (taken.isPresent()) {
      // Those that were recorded meanwhile; from here on nobody records another one.
      terminateSessions(database, seen.get());
      jdbc.sql("DELETE FROM undercurrent.lease_backends WHERE epoch <= :epoch")
          .param("epoch", seen.get())
          .update();
      taken.get().vouch();
    }
    return taken;
  }

  private static Optional<Lease> take(
      Database database, Owner owner, long seen, boolean starting, TimeSource time) {
    var jdbc = database.jdbc();
    jdbc.sql("SET LOCAL lock_timeout = '5s'").update();
    // Waits for a transaction of the old epoch that is still committing: it holds FOR KEY SHARE.
    var epoch =
        jdbc.sql(
                """
                UPDATE undercurrent.lease AS lease
                   SET epoch = epoch + 1, owner = :owner, owner_id = :ownerId,
                       acquired_at = clock_timestamp(), renewed_at = clock_timestamp(),
                       expires_at = clock_timestamp() + :expiry * interval '1 ms',
                       sleeping_since = NULL, enabled = enabled OR :starting
                 WHERE epoch = :seen AND """
                    + TAKEABLE
                    + " RETURNING epoch")
            .param("owner", owner.name())
            .param("ownerId", owner.id())
            .param("expiry", EXPIRY.toMillis())
            .param("seen", seen)
            .param("starting", starting)
            .query(Long.class)
            .optional();
    if (epoch.isEmpty()) {
      return Optional.empty();
    }
    // Until its own sessions are there, the one that took the lease vouches for it: see vouch().
    jdbc.sql(registration(epoch.get())).update();
    return Optional.of(new Lease(database, owner, epoch.get(), time));
  }

  /**
   * Records the lease's own session in place of the one that took it, which commands and views use
   * and no taker-over is to end.
   */
  private void vouch() {
    try {
      jdbc.sql(
              """
              DELETE FROM undercurrent.lease_backends
               WHERE epoch = :epoch
                 AND pid <> pg_backend_pid()""")
          .param("epoch", epoch)
          .update();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void terminateSessions(Database database, long epoch) {
    try {
      var ended =
          database
              .jdbc()
              .sql(
                  """
                  SELECT count(pg_terminate_backend(session.pid, 5000))
                    FROM undercurrent.lease_backends recorded
                    JOIN pg_stat_activity session USING (pid, backend_start)
                   WHERE recorded.epoch <= :epoch
                     AND pid <> pg_backend_pid()""")
              .param("epoch", epoch)
              .query(Long.class)
              .single();
      if (ended > 0) {
        log.warn(
            "Took over {}: ended {} sessions of the process that ran it", database.name(), ended);
      }
    } catch (DataAccessException e) {
      log.warn("Could not end the sessions of the process that ran {}", database.name(), e);
    }
  }

  /**
   * Records the session that runs it, and forgets those that have ended; a no-op for sessions of a
   * lost lease.
   */
  private static String registration(long epoch) {
    return """
    WITH ended AS (
      DELETE FROM undercurrent.lease_backends recorded
       WHERE epoch = %1$d
         AND NOT EXISTS (SELECT
                           FROM pg_stat_activity session
                          WHERE session.pid = recorded.pid
                            AND (session.backend_start = recorded.backend_start
                                 OR session.backend_start IS NULL))
    )
    INSERT INTO undercurrent.lease_backends (epoch, pid, backend_start)
    SELECT %1$d, pid, backend_start
      FROM pg_stat_activity
     WHERE pid = pg_backend_pid()
       AND EXISTS (SELECT FROM undercurrent.lease WHERE epoch = %1$d FOR KEY SHARE)
        ON CONFLICT (pid, backend_start) DO UPDATE SET epoch = excluded.epoch"""
        .formatted(epoch);
  }

  /**
   * Opens a session outside the pools that a taker-over will find and end, so that it needs no
   * fence.
   *
   * @throws LeaseLostException if another process holds the lease
   */
  public Connection session(String applicationName) {
    var connection = database.connect(applicationName);
    try (var statement = connection.createStatement()) {
      if (statement.executeUpdate(registration(epoch)) == 0) {
        throw lost();
      }
      return connection;
    } catch (SQLException | LeaseLostException e) {
      close(connection);
      throw e instanceof LeaseLostException lost
          ? lost
          : new UncategorizedSQLException(
              "recording a session", registration(epoch), (SQLException) e);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("A connection could not be closed", e);
    }
  }

  /** Connections whose sessions a taker-over will find and end. */
  public HikariDataSource workPool() {
    return database.pool(RUNNER, 2, registration(epoch));
  }

  /**
   * Makes sure, inside a transaction, that nobody takes over before it ends.
   *
   * @throws LeaseLostException if somebody has
   */
  void fence(JdbcClient transaction) {
    if (transaction.sql(fenceSql()).query(Integer.class).optional().isEmpty()) {
      throw lost();
    }
  }

  /** SQL that gives a row, locked until the transaction ends, as long as the lease is held. */
  public String fenceSql() {
    return "SELECT 1 FROM undercurrent.lease WHERE epoch = " + epoch + " FOR KEY SHARE";
  }

  public LeaseLostException lost() {
    return LeaseLostException.to(owner.name(), database.name());
  }

  /** The lease's own connection, for looks at wishes. */
  public JdbcClient jdbc() {
    return jdbc;
  }

  /**
   * Renews the lease if it is time to.
   *
   * @return whether it was
   * @throws LeaseLostException if another process holds it
   */
  public boolean renew() {
    if (age().compareTo(RENEWAL) < 0) {
      return false;
    }
    var asked = time.nanos();
    var rows =
        jdbc.sql(
                """
                UPDATE undercurrent.lease
                   SET renewed_at = clock_timestamp(),
                       expires_at = clock_timestamp() + :expiry * interval '1 ms'
                 WHERE epoch = :epoch""")
            .param("expiry", EXPIRY.toMillis())
            .param("epoch", epoch)
            .update();
    if (rows == 0) {
      throw lost();
    }
    renewedAt = asked;
    return true;
  }

  /**
   * Tells other processes that the controller holds the next iteration back, or that it does no
   * more.
   *
   * @param slept for how long it has done so, or null
   */
  public void sleeping(@Nullable Duration slept) {
    jdbc.sql(
            """
            UPDATE undercurrent.lease
               SET sleeping_since = clock_timestamp() - CAST(:ms AS bigint) * interval '1 ms'
             WHERE epoch = :epoch""")
        .param("ms", slept == null ? null : slept.toMillis())
        .param("epoch", epoch)
        .update();
  }

  /** How long ago the last renewal was asked for, on this process's monotonic clock. */
  public Duration age() {
    return time.since(renewedAt);
  }

  public Owner owner() {
    return owner;
  }

  public long epoch() {
    return epoch;
  }

  /** Gives the lease back, if it is still held. */
  public void release() {
    try {
      jdbc.sql(
              """
              UPDATE undercurrent.lease
                 SET owner = NULL, owner_id = NULL, expires_at = clock_timestamp()
               WHERE epoch = :epoch""")
          .param("epoch", epoch)
          .update();
    } catch (DataAccessException e) {
      log.warn("Could not give the lease of {} back; it expires by itself", database.name(), e);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
