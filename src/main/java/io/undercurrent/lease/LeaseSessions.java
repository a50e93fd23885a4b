package io.undercurrent.lease;

import com.zaxxer.hikari.HikariDataSource;
import io.undercurrent.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The sessions of a lease's holder, or of a worker's for it. Each is recorded when it begins, so
 * that the process that takes over finds and ends it.
 *
 * @param database opens them
 * @param fence of the lease
 */
public record LeaseSessions(Database database, Fence fence) {

  /** What {@code pg_stat_activity} shows of the sessions that updates run on. */
  static final String RUNNER = "undercurrent runner";

  private static final Logger log = LoggerFactory.getLogger(LeaseSessions.class);

  /** A pool of such sessions. */
  HikariDataSource pool(String applicationName, int size) {
    return database.pool(applicationName, size, registration(fence));
  }

  /**
   * The same for statements that are short: none waits for a lock until the lease has expired.
   *
   * @param silence after which time without a byte from the server one counts as lost
   */
  HikariDataSource pool(String applicationName, int size, Duration silence) {
    return database.pool(
        applicationName, size, registration(fence) + "; SET lock_timeout = '2s'", silence);
  }

  /**
   * A pool of one such session that only reads.
   *
   * @param longest what a statement may take
   * @param silence after which time without a byte from the server the session counts as lost
   */
  public HikariDataSource reading(String applicationName, Duration longest, Duration silence) {
    return database.pool(
        applicationName,
        1,
        "%s; SET statement_timeout = %d; SET default_transaction_read_only = on"
            .formatted(registration(fence), longest.toMillis()),
        silence);
  }

  /**
   * Opens a session outside the pools, which the caller closes. It needs no fence.
   *
   * @throws LeaseLostException if another process holds the lease
   */
  public Connection open(String applicationName) {
    var connection = database.connect(applicationName);
    try (var statement = connection.createStatement()) {
      if (statement.executeUpdate(registration(fence)) == 0) {
        throw fence.lost();
      }
      return connection;
    } catch (SQLException | LeaseLostException e) {
      close(connection);
      throw e instanceof LeaseLostException lost
          ? lost
          : new UncategorizedSQLException(
              "recording a session", registration(fence), (SQLException) e);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("A connection could not be closed", e);
    }
  }

  /**
   * Records the session that runs it, and forgets those that have ended; does nothing for a lost
   * lease.
   */
  static String registration(Fence fence) {
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
    INSERT INTO undercurrent.lease_backends (epoch, pid, backend_start, owner_id)
    SELECT %1$d, pid, backend_start, '%3$s'
      FROM pg_stat_activity
     WHERE pid = pg_backend_pid()
       AND EXISTS (SELECT FROM undercurrent.lease WHERE %2$s FOR KEY SHARE)
        ON CONFLICT (pid, backend_start)
        DO UPDATE SET epoch = excluded.epoch, owner_id = excluded.owner_id"""
        .formatted(fence.epoch(), fence.condition(), fence.owner().id().replace("'", "''"));
  }

  /**
   * Records a session of its own in place of the one that took the lease, which commands and views
   * use and no taker-over is to end.
   */
  void vouch(JdbcClient own) {
    own.sql(
            """
            DELETE FROM undercurrent.lease_backends
             WHERE epoch = :epoch
               AND pid <> pg_backend_pid()""")
        .param("epoch", fence.epoch())
        .update();
  }
}
