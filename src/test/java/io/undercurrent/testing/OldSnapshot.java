package io.undercurrent.testing;

import io.undercurrent.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** A transaction that has read and stays open: an index build waits for its end. */
public final class OldSnapshot implements AutoCloseable {

  private final Database database;
  private final Connection connection;

  private OldSnapshot(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  /** Reads no table, so that no lock of one is held. */
  public static OldSnapshot hold(Database database) throws SQLException {
    return hold(database, "SELECT 1");
  }

  public static OldSnapshot hold(Database database, String reading) throws SQLException {
    var connection = database.connect("report");
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.createStatement().execute(reading);
    return new OldSnapshot(database, connection);
  }

  public int pid() throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  /** Waits until an index build waits for it. */
  public void awaitBuild() throws SQLException {
    Rows.await(
        database,
        "SELECT pid FROM pg_stat_progress_create_index WHERE current_locker_pid = " + pid());
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
