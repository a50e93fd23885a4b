package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.faults.server.PostgresServer;
import io.undercurrent.testing.Rows;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Who uses the database meanwhile: small transactions on the same table and on another one, on
 * connections of its own past every proxy. It counts what it has done, and keeps its errors.
 */
final class Application implements AutoCloseable {

  /** What befalls everybody when the server is down, full or read-only, or a table gone. */
  private static final Set<String> OF_THE_SERVER =
      Set.of("57P01", "57P02", "57P03", "53300", "53100", "25006", "42P01");

  private final Supplier<PostgresServer> server;
  private final Oracle oracle;
  private final Habit habit;
  private final boolean serverFails;
  private final List<Thread> threads = new ArrayList<>();
  private final Set<String> errors = new ConcurrentSkipListSet<>();
  private final AtomicLong committed = new AtomicLong();
  private final AtomicLong unknown = new AtomicLong();
  private final AtomicLong longest = new AtomicLong();
  private volatile boolean ended;

  /**
   * Starts it.
   *
   * @param server the one that it uses at present
   * @param oracle knows the table
   * @param habit what its transactions do
   * @param serverFails whether the case makes the server fail for everybody
   */
  Application(Supplier<PostgresServer> server, Oracle oracle, Habit habit, boolean serverFails) {
    this.server = server;
    this.oracle = oracle;
    this.habit = habit;
    this.serverFails = serverFails;
    for (var i = 0; i < habit.clients(); i++) {
      var thread = new Thread(() -> work(new Random()), "application-" + i);
      threads.add(thread);
      thread.start();
    }
  }

  private void work(Random random) {
    while (!ended) {
      try (var connection = DriverManager.getConnection(server.get().url(), "application", null)) {
        connection.setAutoCommit(false);
        while (!ended) {
          transaction(connection, habit.rows(oracle, random));
          Thread.sleep(habit.pause());
        }
      } catch (SQLException e) {
        note(e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void transaction(Connection connection, List<Long> ids) throws SQLException {
    var begin = System.nanoTime();
    try (var statement = connection.createStatement()) {
      for (var id : ids) {
        statement.execute(
            "UPDATE %s SET hits = hits + 1 WHERE id = %d".formatted(oracle.table(), id));
        statement.execute("INSERT INTO %s_visits (item) VALUES (%d)".formatted(oracle.table(), id));
      }
    }
    unknown.addAndGet(ids.size());
    connection.commit();
    unknown.addAndGet(-ids.size());
    committed.addAndGet(ids.size());
    longest.accumulateAndGet((System.nanoTime() - begin) / 1_000_000, Math::max);
  }

  private void note(SQLException failure) {
    var state = String.valueOf(failure.getSQLState());
    if (!serverFails || !(state.startsWith("08") || OF_THE_SERVER.contains(state))) {
      errors.add(state + " " + failure.getMessage().lines().findFirst().orElse(""));
    }
  }

  /** Ends it, and asserts that it has seen no error and lost no work. */
  void assertUndisturbed() {
    close();
    assertThat(errors).as("errors of the application").isEmpty();
    assertThat(committed.get()).as("transactions of the application").isPositive();
    var database = server.get().superuser();
    var hits = Rows.of(database, "SELECT sum(hits) FROM " + oracle.table()).get(0);
    assertThat(Rows.of(database, "SELECT count(*) FROM %s_visits".formatted(oracle.table())))
        .as("visits of the application")
        .containsExactly(hits);
    assertThat(Long.parseLong(String.valueOf(hits)))
        .as("hits of the application")
        .isBetween(committed.get(), committed.get() + unknown.get());
  }

  /** How long its longest transaction took, in ms. */
  long longest() {
    return longest.get();
  }

  @Override
  public void close() {
    ended = true;
    try {
      for (var thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
