package io.undercurrent.convert;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/**
 * An application that writes the table builds all the while: several clients, each with statements
 * that the server prepares, half of the time by themselves and half in transactions.
 */
final class Clients implements AutoCloseable {

  final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
  final AtomicLong transactions = new AtomicLong();

  /** The longest that a client waited for an answer. */
  final AtomicLong longestMs = new AtomicLong();

  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /** The table that they write; each row has its id a second time. */
  static void createTable(Database database) {
    Rows.run(
        database,
        "CREATE TABLE builds (id serial PRIMARY KEY, state text NOT NULL, parent int REFERENCES builds, copy bigint)",
        "CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.copy := NEW.id; RETURN NEW; END'",
        "CREATE TRIGGER copy BEFORE INSERT ON builds FOR EACH ROW EXECUTE FUNCTION copy()",
        "INSERT INTO builds (state) SELECT 'old' FROM generate_series(1, 3000)",
        "CREATE INDEX ON builds (parent)",
        "ANALYZE builds");
  }

  Clients(Database database, int clients) throws SQLException {
    for (var i = 0; i < clients; i++) {
      var connection = database.connect("an application");
      // One that does not have the driver try again what failed for its plan.
      connection
          .unwrap(PGConnection.class)
          .setAutosave(i == 0 ? AutoSave.NEVER : AutoSave.CONSERVATIVE);
      var own = 10 * i;
      var random = new Random(i);
      var thread =
          new Thread(() -> work(connection, () -> own + 30 * random.nextInt(100)), "client-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void work(Connection connection, IntSupplier ids) {
    try (connection) {
      var done = 0;
      while (!closed) {
        var begin = System.nanoTime();
        try {
          write(connection, ids.getAsInt(), ++done % 2 == 0);
          transactions.incrementAndGet();
        } catch (SQLException e) {
          note(e);
          if (!connection.getAutoCommit()) {
            connection.rollback();
          }
        }
        var ms = (System.nanoTime() - begin) / 1_000_000;
        longestMs.accumulateAndGet(ms, Math::max);
      }
    } catch (SQLException e) {
      note(e);
    }
  }

  private void note(SQLException e) {
    errors.add(Thread.currentThread().getName() + " " + e.getMessage());
  }

  /** No two clients get into each other's way: each has ids of its own. */
  private static void write(Connection connection, int some, boolean together) throws SQLException {
    connection.setAutoCommit(!together);
    execute(
        connection,
        "INSERT INTO builds (state, parent) SELECT 'new', id FROM builds WHERE id = ?",
        some);
    execute(connection, "UPDATE builds SET state = 'done' WHERE id = ?", some);
    execute(connection, "UPDATE builds SET parent = NULL, state = 'alone' WHERE id = ? + 1", some);
    execute(connection, "DELETE FROM builds WHERE id = ? + 2", some);
    execute(
        connection,
        "INSERT INTO builds (id, state) VALUES (-?, 'again') ON CONFLICT (id) DO UPDATE SET state = excluded.state",
        some);
    try (var select =
        connection.prepareStatement(
            "SELECT state, count(*) FROM builds WHERE id BETWEEN ? AND ? + 10 GROUP BY 1")) {
      select.setInt(1, some);
      select.setInt(2, some);
      select.executeQuery().close();
    }
    try (var select = connection.prepareStatement("SELECT id, state FROM builds WHERE id = ?")) {
      select.setInt(1, some);
      select.executeQuery().close();
    }
    if (together) {
      connection.commit();
    }
  }

  private static void execute(Connection connection, String sql, int id) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, id);
      statement.executeUpdate();
    }
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (var thread : threads) {
      thread.join();
    }
  }
}
