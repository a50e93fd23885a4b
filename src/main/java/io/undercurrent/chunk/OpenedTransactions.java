package io.undercurrent.chunk;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions that begin with statements of an update, before anything takes a snapshot. */
public final class OpenedTransactions extends TransactionTemplate {

  private final transient List<String> statements;

  OpenedTransactions(PlatformTransactionManager manager, List<String> statements) {
    super(manager);
    this.statements = List.copyOf(statements);
  }

  /** Called by the transaction manager, first of all, on the transaction's connection. */
  public void open(Connection connection) throws SQLException {
    if (!statements.isEmpty()) {
      try (var statement = connection.createStatement()) {
        statement.execute(String.join("; ", statements));
      }
    }
  }
}
