package io.undercurrent.lease;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The connections on which a lease's holder runs updates: every transaction there is fenced. */
public final class FencedPool implements AutoCloseable {

  private final HikariDataSource pool;
  private final PlatformTransactionManager manager;

  public FencedPool(Lease lease) {
    this.pool = lease.sessions().pool(LeaseSessions.RUNNER, 2);
    this.manager = new FencedTransactionManager(pool, lease.fence());
  }

  public DataSource dataSource() {
    return pool;
  }

  public PlatformTransactionManager manager() {
    return manager;
  }

  public TransactionTemplate transactions() {
    return new TransactionTemplate(manager);
  }

  public JdbcTemplate jdbc() {
    return new JdbcTemplate(pool);
  }

  public JdbcClient client() {
    return JdbcClient.create(pool);
  }

  /** Ends the sessions, and with them what statements have left there: tables, locks, settings. */
  public void endSessions() {
    pool.getHikariPoolMXBean().softEvictConnections();
  }

  @Override
  public void close() {
    pool.close();
  }
}
