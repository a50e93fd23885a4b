package io.undercurrent.lease;

import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.SessionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Begins every transaction of a runner afresh and with its lease's fence: nothing that an earlier
 * one has left in the session is seen, and nothing that it writes, data or metadata, can be
 * committed once another process has taken over.
 */
final class FencedTransactionManager extends JdbcTransactionManager {

  private static final Logger log = LoggerFactory.getLogger(FencedTransactionManager.class);

  /** A connection that died since the last transaction is noticed now. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  /** And the server ends the transaction of a connection that dies later. */
  private static final String OPENING =
      """
      SET application_name = '%s';
      SET LOCAL idle_in_transaction_session_timeout = %d;
      """;

  private final transient Fence fence;
  private final String fenceSql;

  public FencedTransactionManager(DataSource dataSource, Fence fence) {
    super(dataSource);
    this.fence = fence;
    this.fenceSql = OPENING.formatted(LeaseSessions.RUNNER, SILENCE.toMillis()) + fence.sql();
  }

  private String begin(TransactionDefinition definition) {
    var afresh =
        definition instanceof OpenedTransactions opened
            ? opened.begin()
            : SessionSettings.BEGIN_AFRESH;
    return afresh + fenceSql;
  }

  @Override
  protected void prepareTransactionalConnection(
      Connection connection, TransactionDefinition definition) throws SQLException {
    super.prepareTransactionalConnection(connection, definition);
    var network = connection.getNetworkTimeout();
    var patience =
        definition instanceof OpenedTransactions opened ? opened.patience() : Duration.ZERO;
    connection.setNetworkTimeout(Runnable::run, (int) SILENCE.plus(patience).toMillis());
    try (var statement = connection.prepareStatement(begin(definition))) {
      statement.execute();
      if (!lastResultHasRow(statement)) {
        throw fence.lost();
      }
    }
    connection.setNetworkTimeout(Runnable::run, network);
  }

  private static boolean lastResultHasRow(Statement statement) throws SQLException {
    var found = false;
    do {
      var rows = statement.getResultSet();
      found = rows != null && rows.next();
    } while (statement.getMoreResults() || statement.getUpdateCount() >= 0);
    return found;
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
