package io.undercurrent.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A pool that says at once, and in one sentence, that its database is down; the pool alone would
 * try for its whole connection timeout.
 */
final class SharedPool extends DelegatingDataSource {

  private final Database database;
  private final HikariDataSource pool;

  SharedPool(Database database, HikariDataSource pool) {
    super(pool);
    this.database = database;
    this.pool = pool;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (pool.getHikariPoolMXBean().getTotalConnections() == 0) {
      database.connect(Database.APPLICATION_NAME).close();
    }
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw ConnectionFailure.explain(database.settings(), e);
    }
  }
}
