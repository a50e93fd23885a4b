package io.undercurrent.lease;

import io.undercurrent.iteration.BracketedTransaction;
import io.undercurrent.iteration.BracketedTransaction.Call;
import io.undercurrent.iteration.BracketedTransaction.Opening;
import io.undercurrent.iteration.OpenedTransactions;
import io.undercurrent.iteration.SessionSettings;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

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

  /**
   * The planner would read tables of few rows from end to end, with all that an old snapshot keeps,
   * and compile the plan that it is not to use.
   */
  private static final String BY_INDEX =
      """
      SET LOCAL jit = off;
      SET LOCAL enable_seqscan = off;
      """;

  private final transient Fence fence;
  private final String fenced;
  private final String fencedByIndex;

  public FencedTransactionManager(DataSource dataSource, Fence fence) {
    super(dataSource);
    this.fence = fence;
    var opening = OPENING.formatted(LeaseSessions.RUNNER, SILENCE.toMillis());
    this.fenced = opening + fence.sql();
    this.fencedByIndex = opening + BY_INDEX + fence.sql() + ";\n";
  }

  @Override
  protected void doBegin(Object transaction, TransactionDefinition definition) {
    super.doBegin(transaction, definition);
    if (definition instanceof BracketedTransaction bracketed) {
      TransactionSynchronizationManager.bindResource(holder(transaction), bracketed);
    }
  }

  private static ConnectionHolder holder(Object transaction) {
    return ((JdbcTransactionObjectSupport) transaction).getConnectionHolder();
  }

  @Override
  protected void prepareTransactionalConnection(
      Connection connection, TransactionDefinition definition) throws SQLException {
    super.prepareTransactionalConnection(connection, definition);
    var network = connection.getNetworkTimeout();
    var opened = definition instanceof OpenedTransactions transactions ? transactions : null;
    var patience = opened == null ? Duration.ZERO : opened.patience();
    var afresh = opened == null ? SessionSettings.BEGIN_AFRESH : opened.begin();
    connection.setNetworkTimeout(Runnable::run, (int) SILENCE.plus(patience).toMillis());
    if (opened instanceof BracketedTransaction bracketed) {
      begin(connection, afresh, network, bracketed.opening());
    } else {
      begin(connection, afresh, network);
    }
  }

  private void begin(Connection connection, String afresh, int network) throws SQLException {
    try (var statement = connection.prepareStatement(afresh + fenced)) {
      statement.execute();
      requireRow(answers(statement).getLast());
      connection.setNetworkTimeout(Runnable::run, network);
    }
  }

  private void begin(Connection connection, String afresh, int network, Opening last)
      throws SQLException {
    var sql = afresh + fencedByIndex + last.call().sql();
    try (var statement = connection.prepareStatement(sql)) {
      last.call().bind(statement);
      statement.execute();
      var answers = answers(statement);
      var answer = answers.removeLast();
      requireRow(answers.getLast());
      connection.setNetworkTimeout(Runnable::run, network);
      answer.next();
      last.begun(connection, answer);
    }
  }

  private void requireRow(ResultSet answer) throws SQLException {
    if (!answer.next()) {
      throw fence.lost();
    }
  }

  /** The rows of those of its statements that return some. */
  private static Deque<ResultSet> answers(Statement statement) throws SQLException {
    var answers = new ArrayDeque<ResultSet>();
    do {
      var rows = statement.getResultSet();
      if (rows != null) {
        answers.add(rows);
      }
    } while (statement.getMoreResults(Statement.KEEP_CURRENT_RESULT)
        || statement.getUpdateCount() >= 0);
    return answers;
  }

  /** The driver knows then that nothing is left to commit, and asks nobody. */
  @Override
  protected void doCommit(DefaultTransactionStatus status) {
    var holder = holder(status.getTransaction());
    if (TransactionSynchronizationManager.getResource(holder) instanceof BracketedTransaction last
        && last.ending() != null) {
      commit(holder.getConnection(), last, last.ending().call());
    }
    super.doCommit(status);
  }

  private void commit(Connection connection, BracketedTransaction transaction, Call last) {
    try (var statement = connection.prepareStatement(last.sql() + ";\nCOMMIT")) {
      last.bind(statement);
      transaction.sending();
      statement.execute();
    } catch (SQLException e) {
      throw translateException("JDBC commit", e);
    }
  }

  @Override
  protected void doCleanupAfterCompletion(Object transaction) {
    TransactionSynchronizationManager.unbindResourceIfPossible(holder(transaction));
    super.doCleanupAfterCompletion(transaction);
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
