package io.undercurrent.testing;

import io.undercurrent.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.postgresql.PGConnection;

/** A transaction of the application's, which a runner runs into. */
public final class OtherSession implements AutoCloseable {

  private final Database database;
  private final Connection connection;
  private CompletableFuture<Void> committing = CompletableFuture.completedFuture(null);

  private OtherSession(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  public static OtherSession begin(Database database) throws SQLException {
    var connection = database.connect("application");
    connection.setAutoCommit(false);
    return new OtherSession(database, connection);
  }

  public void run(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Waits until a session waits for this one. */
  private void awaitWaiter() throws SQLException {
    var pid = connection.unwrap(PGConnection.class).getBackendPID();
    Engine.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                database
                    .jdbc()
                    .sql(
                        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE :pid = ANY (pg_blocking_pids(pid)))")
                    .param("pid", pid)
                    .query(Boolean.class)
                    .single());
  }

  /** Commits on a thread of its own as soon as a session waits for this one. */
  public void commitOnceWaitedFor() {
    committing =
        CompletableFuture.runAsync(
            () -> {
              try {
                awaitWaiter();
                connection.commit();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  @Override
  public void close() throws SQLException {
    committing.join();
    connection.close();
  }
}
