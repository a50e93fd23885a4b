package io.undercurrent.peers;

import io.undercurrent.database.Database;
import io.undercurrent.testing.Rows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * An application: pgbench's tables and transactions, from four sessions. A transaction's latency
 * counts from when it was due, so that those that had to wait for others count as well.
 */
final class Pgbench {

  static final int ACCOUNTS = 1_000_000;

  private static final int SESSIONS = 4;
  private static final int BRANCHES = ACCOUNTS / 100_000;
  private static final int TELLERS = 10 * BRANCHES;

  private final PeersServer server;

  /** Makes the tables. */
  Pgbench(PeersServer server) {
    this.server = server;
    createTables();
  }

  /** As many transactions a second as they come to at most. */
  double most(Duration time) throws Exception {
    var end = System.nanoTime() + time.toNanos();
    return transactions(Long.MAX_VALUE, () -> end).size() / (double) time.toSeconds();
  }

  /** The latencies in ms, at that rate. */
  List<Double> latencies(double rate, Duration time) throws Exception {
    var end = System.nanoTime() + time.toNanos();
    return transactions((long) (1e9 / rate), () -> end);
  }

  /** The same until something else has ended. */
  List<Double> latenciesUntil(double rate, Future<?> other) throws Exception {
    return transactions(
        (long) (1e9 / rate), () -> other.isDone() ? Long.MIN_VALUE : Long.MAX_VALUE);
  }

  /** Has nothing left to do for the server that an earlier round was the cause of. */
  void settle() {
    server.settle("pgbench_accounts");
    Rows.run(server.database(), "VACUUM pgbench_branches", "VACUUM pgbench_tellers");
  }

  private void createTables() {
    var database = server.database();
    Rows.run(
        database,
        "CREATE TABLE pgbench_branches (bid int PRIMARY KEY, bbalance int, filler char(88)) WITH (fillfactor = 100)",
        "CREATE TABLE pgbench_tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
        "CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))",
        "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))");
    database
        .jdbc()
        .sql("INSERT INTO pgbench_branches SELECT i, 0, '' FROM generate_series(1, ?) AS i")
        .param(BRANCHES)
        .update();
    database
        .jdbc()
        .sql(
            "INSERT INTO pgbench_tellers SELECT i, (i - 1) / 10 + 1, 0, '' FROM generate_series(1, ?) AS i")
        .param(TELLERS)
        .update();
    database
        .jdbc()
        .sql(
            "INSERT INTO pgbench_accounts SELECT i, (i - 1) / 100000 + 1, 0, '' FROM generate_series(1, ?) AS i")
        .param(ACCOUNTS)
        .update();
    server.settle("pgbench_accounts");
  }

  /**
   * Latencies in ms.
   *
   * @param every how many nanoseconds lie between two transactions; the greatest number for none
   * @param end what is due later is not done
   */
  private List<Double> transactions(long every, LongSupplier end) throws Exception {
    var number = new AtomicLong();
    var all = Collections.synchronizedList(new ArrayList<Double>());
    var unpaced = every == Long.MAX_VALUE;
    var start = System.nanoTime();
    var threads = Executors.newFixedThreadPool(SESSIONS);
    try {
      var sessions = new ArrayList<Callable<Void>>();
      for (int i = 0; i < SESSIONS; i++) {
        sessions.add(
            () -> {
              session(
                  server.database(),
                  all,
                  end,
                  () -> unpaced ? System.nanoTime() : start + every * number.getAndIncrement());
              return null;
            });
      }
      for (var session : threads.invokeAll(sessions)) {
        session.get();
      }
    } finally {
      threads.shutdown();
    }
    return all;
  }

  private static void session(
      Database database, List<Double> latencies, LongSupplier end, Callable<Long> due)
      throws Exception {
    var random = new Random();
    var mine = new ArrayList<Double>();
    try (var connection = database.connect("pgbench")) {
      connection.setAutoCommit(false);
      for (var at = due.call(); at < end.getAsLong(); at = due.call()) {
        var early = at - System.nanoTime();
        if (early > 0) {
          LockSupport.parkNanos(early);
        }
        transaction(connection, random);
        mine.add((System.nanoTime() - at) / 1e6);
      }
    }
    latencies.addAll(mine);
  }

  private static void transaction(Connection connection, Random random) throws SQLException {
    var account = 1 + random.nextInt(ACCOUNTS);
    var teller = 1 + random.nextInt(TELLERS);
    var branch = 1 + random.nextInt(BRANCHES);
    var delta = random.nextInt(10_001) - 5_000;
    execute(
        connection,
        "UPDATE pgbench_accounts SET abalance = abalance + ? WHERE aid = ?",
        delta,
        account);
    try (var select =
        connection.prepareStatement("SELECT abalance FROM pgbench_accounts WHERE aid = ?")) {
      select.setInt(1, account);
      select.executeQuery().next();
    }
    execute(
        connection,
        "UPDATE pgbench_tellers SET tbalance = tbalance + ? WHERE tid = ?",
        delta,
        teller);
    execute(
        connection,
        "UPDATE pgbench_branches SET bbalance = bbalance + ? WHERE bid = ?",
        delta,
        branch);
    execute(
        connection,
        "INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)",
        teller,
        branch,
        account,
        delta);
    connection.commit();
  }

  private static void execute(Connection connection, String sql, int... values)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setInt(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
