package io.undercurrent.peers;

import io.undercurrent.controller.Controller;
import io.undercurrent.database.Database;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What an application notices of a backfill at the default pace: pgbench's transactions, from four
 * sessions, at half the rate that they come to at most. A transaction's latency counts from when it
 * was due, so that those that had to wait for others count as well.
 */
final class NeighbourFigures {

  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final int SECONDS = Integer.getInteger("peers.seconds", 20);
  private static final int SESSIONS = 4;
  private static final int BRANCHES = 10;
  private static final int TELLERS = 10 * BRANCHES;
  private static final int ACCOUNTS = 100_000 * BRANCHES;

  private final PeersServer server;
  private final Path directory;

  NeighbourFigures(PeersServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  void compare() throws Exception {
    createTables();
    server.renew(Workloads.backfill(), 1_000_000);
    var rate =
        transactions(Long.MAX_VALUE, Duration.ofSeconds(SECONDS / 2)).size() * 2.0 / SECONDS / 2;
    System.out.printf(Locale.ROOT, "half the load: %.0f transactions a second%n", rate);
    ofTable("another table", Workloads.backfill().job(Undercurrent.NAME, 1), rate);
    ofTable(
        "the application's own rows",
        """
        updates:
          - name: %s
            update: {table: pgbench_accounts, set: {filler: "CAST(aid AS text)"}}
        """
            .formatted(Undercurrent.NAME),
        rate);
  }

  private void ofTable(String what, String job, double rate) throws Exception {
    Files.writeString(directory.resolve(Undercurrent.NAME + ".yaml"), job);
    var medians = new ArrayList<Double>();
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      settle();
      var alone = latencies(rate);
      settle();
      var beside = besides(rate);
      medians.add(Iterations.percentile(beside, 0.5) / Iterations.percentile(alone, 0.5));
      ratios.add(Iterations.percentile(beside, 0.99) / Iterations.percentile(alone, 0.99));
      System.out.printf(
          Locale.ROOT,
          "alone p50 %.2f, p99 %.2f, worst %.1f ms; beside a backfill of %s p50 %.2f, p99 %.2f, worst %.1f ms%n",
          Iterations.percentile(alone, 0.5),
          Iterations.percentile(alone, 0.99),
          Iterations.percentile(alone, 1),
          what,
          Iterations.percentile(beside, 0.5),
          Iterations.percentile(beside, 0.99),
          Iterations.percentile(beside, 1));
    }
    PaceFigures.figure("p50 of an application, backfill of " + what + ", x alone", medians, "-");
    PaceFigures.figure(
        "p99 of an application, backfill of " + what + ", x alone", ratios, "<= 1.1");
  }

  private List<Double> besides(double rate) throws Exception {
    var database = server.database();
    try (var engine = new JobEngine(JobEngine.jobs(directory), Controller.builtIn(), database)) {
      engine.updates.start(database.name(), Undercurrent.NAME);
      engine.run();
      var latencies = latencies(rate);
      engine.updates.cancel(database.name(), Undercurrent.NAME, false);
      return latencies;
    }
  }

  private List<Double> latencies(double rate) throws Exception {
    return transactions((long) (1e9 / rate), Duration.ofSeconds(SECONDS));
  }

  private void settle() {
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
   */
  private List<Double> transactions(long every, Duration time) throws Exception {
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
                  start + time.toNanos(),
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
      Database database, List<Double> latencies, long end, Callable<Long> due) throws Exception {
    var random = new Random();
    var mine = new ArrayList<Double>();
    try (var connection = database.connect("pgbench")) {
      connection.setAutoCommit(false);
      for (var at = due.call(); at < end; at = due.call()) {
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
