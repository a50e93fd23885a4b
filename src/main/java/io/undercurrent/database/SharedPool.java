package io.undercurrent.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A pool that says at once, and in one sentence, that its database is down; the pool alone would
 * try for its whole connection timeout.
 */
final class SharedPool extends DelegatingDataSource {

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final long ATTEMPTS = Login.LOGIN_TIMEOUT.dividedBy(LOOK);

  private final Database database;
  private final HikariDataSource pool;

  SharedPool(Database database, HikariDataSource pool) {
    super(pool);
    this.database = database;
    this.pool = pool;
    pool.setConnectionTimeout(LOOK.toMillis());
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (pool.getHikariPoolMXBean().getTotalConnections() == 0) {
      database.connect(Database.APPLICATION_NAME).close();
    }
    for (var attempt = 1; ; attempt++) {
      try {
        return pool.getConnection();
      } catch (SQLTransientConnectionException e) {
        if (attempt == ATTEMPTS) {
          throw ConnectionFailure.explain(database.settings(), e);
        }
        // The sessions that it had may be gone; or all are in use, and waiting helps.
        database.connect(Database.APPLICATION_NAME).close();
      } catch (SQLException e) {
        throw ConnectionFailure.explain(database.settings(), e);
      }
    }
  }
}
