package io.undercurrent.lease;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The connections on which updates run, those of a lease's holder or of one that works for it:
 * every transaction there is fenced.
 */
public final class FencedPool implements AutoCloseable {

  private static final int CONNECTIONS = 2;

  private final LeaseSessions sessions;
  private final HikariDataSource pool;
  private final PlatformTransactionManager manager;

  /** Those of a lease's holder. */
  public FencedPool(Lease lease) {
    this(lease.sessions());
  }

  /** Those that count as the holder's: a taker-over finds and ends them. */
  public FencedPool(LeaseSessions sessions) {
    this.sessions = sessions;
    this.pool = sessions.pool(LeaseSessions.RUNNER, CONNECTIONS);
    this.manager = new FencedTransactionManager(pool, sessions.fence());
  }

  /** Opens sessions outside of the pool. */
  public LeaseSessions sessions() {
    return sessions;
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
