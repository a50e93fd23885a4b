package io.undercurrent.execution;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels the statement that an update's last transaction executes, from any thread. */
public final class StatementCanceller implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(StatementCanceller.class);

  private final String update;
  private volatile @Nullable PGConnection session;

  StatementCanceller(String update) {
    this.update = update;
  }

  /** Cancels what runs on that connection from now on. */
  void on(Connection connection) throws SQLException {
    session = connection.unwrap(PGConnection.class);
  }

  @Override
  public void run() {
    var executing = session;
    try {
      if (executing != null) {
        executing.cancelQuery();
      }
    } catch (SQLException e) {
      log.warn("Could not cancel a statement of update '{}'", update, e);
    }
  }
}
