package io.undercurrent.runner;

import io.undercurrent.chunk.OpenedTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Begins every transaction of a runner with its lease's fence, so that nothing it writes, data or
 * metadata, can be committed once another process has taken over. What an update opens its
 * transactions with goes before: the fence takes a snapshot.
 */
final class FencedTransactionManager extends JdbcTransactionManager {

  private static final Logger log = LoggerFactory.getLogger(FencedTransactionManager.class);

  private final transient Lease lease;

  FencedTransactionManager(DataSource dataSource, Lease lease) {
    super(dataSource);
    this.lease = lease;
  }

  @Override
  protected void prepareTransactionalConnection(
      Connection connection, TransactionDefinition definition) throws SQLException {
    super.prepareTransactionalConnection(connection, definition);
    if (definition instanceof OpenedTransactions opened) {
      opened.open(connection);
    }
    try (var statement = connection.createStatement();
        var held = statement.executeQuery(lease.fenceSql())) {
      if (!held.next()) {
        throw lease.lost();
      }
    }
  }

  /** A rollback fails on a dead connection, and must not hide what killed it. */
  @Override
  protected void doRollback(DefaultTransactionStatus status) {
    try {
      super.doRollback(status);
    } catch (RuntimeException e) {
      log.debug("The connection died before the rollback", e);
    }
  }
}
