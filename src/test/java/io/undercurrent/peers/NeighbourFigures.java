package io.undercurrent.peers;

import io.undercurrent.controller.Controller;
import io.undercurrent.testing.JobEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an application notices of a backfill at the default pace: pgbench's transactions, from four
 * sessions, at half the rate that they come to at most.
 */
final class NeighbourFigures {

  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("peers.seconds", 20));

  private final PeersServer server;
  private final Pgbench application;
  private final Path directory;

  NeighbourFigures(PeersServer server, Path directory) {
    this.server = server;
    this.application = new Pgbench(server);
    this.directory = directory;
  }

  void compare() throws Exception {
    server.renew(Workloads.backfill(), 1_000_000);
    var rate = application.most(TIME.dividedBy(2)) / 2;
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
      application.settle();
      var alone = application.latencies(rate, TIME);
      application.settle();
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
      var latencies = application.latencies(rate, TIME);
      engine.updates.cancel(database.name(), Undercurrent.NAME, false);
      return latencies;
    }
  }
}
