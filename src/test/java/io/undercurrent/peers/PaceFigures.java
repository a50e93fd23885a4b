package io.undercurrent.peers;

import io.undercurrent.database.Database;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How soon iterations take as long as they are to take, and how near they stay to that. */
final class PaceFigures {

  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final int ROWS = Integer.getInteger("peers.rows", 1_000_000);
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final int DEAR_ROW = 100_000;
  private static final int ROWS_WITH_A_STEP = 112_000;

  /** A row costs about 10 µs by itself; with the trigger 40 µs, and then 30 times as much. */
  private static final String SPINNING =
      """
      CREATE OR REPLACE FUNCTION spin() RETURNS trigger LANGUAGE plpgsql AS $f$
      DECLARE
        until timestamptz :=
          clock_timestamp() + CASE WHEN %s THEN 1190 ELSE 30 END * interval '1 microsecond';
      BEGIN
        WHILE clock_timestamp() < until LOOP
        END LOOP;
        RETURN NEW;
      END $f$""";

  private final PeersServer server;
  private final Path directory;

  PaceFigures(PeersServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  /** From a cold start: new sessions, chunks of 100 rows, and in the first round a cold JVM. */
  void coldStart(Workload workload) throws Exception {
    var settled = new ArrayList<Double>();
    var near = new ArrayList<Double>();
    var p95 = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      server.renew(workload, ROWS);
      var iterations = run(workload);
      var from = iterations.settledAt();
      var afterwards = iterations.multiplesFrom(from);
      System.out.printf(
          "%s, round %d, %d tries, %d rolled back, %% of the target: %s%n",
          workload.name(),
          round + 1,
          iterations.count(),
          iterations.rolledBack(),
          Iterations.words(iterations.multiples()));
      settled.add((double) from);
      if (!afterwards.isEmpty()) {
        near.add(100 * Iterations.shareNear(afterwards));
        p95.add(Iterations.percentile(afterwards, 0.95));
      }
    }
    figure("iterations to come within 20 % of the target, " + workload.name(), settled, "<= 8");
    figure("% of iterations within 20 % afterwards, " + workload.name(), near, ">= 70");
    figure("p95 as a multiple of the target, " + workload.name(), p95, "<= 1.4");
  }

  /** After rows begin, in mid-run, to cost 30 times as much to write. */
  void step() throws Exception {
    var step = new ArrayList<Double>();
    var above = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      measureStep("NEW.id >= " + DEAR_ROW, step, above);
    }
    figure("worst iteration after a x 30 step in row cost, x target", step, "<= 4");
    figure("iterations above 2 x after that step", above, "<= 3");
    var islands = new ArrayList<Double>();
    var aboveOfIslands = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      measureStep("NEW.id / 1000 % 40 = 39", islands, aboveOfIslands);
    }
    figure("the same, 1,000 dear rows in 40,000, twice", islands, "-");
    figure("iterations above 2 x there", aboveOfIslands, "-");
  }

  private void measureStep(String dear, List<Double> worst, List<Double> above) throws Exception {
    var workload = Workloads.backfill();
    server.renew(workload, ROWS_WITH_A_STEP);
    Rows.run(
        server.database(),
        SPINNING.formatted(dear),
        "CREATE TRIGGER spin BEFORE UPDATE ON work FOR EACH ROW EXECUTE FUNCTION spin()");
    var iterations = run(workload);
    var afterwards = iterations.multiplesFrom(10);
    System.out.printf(
        "dear are %s: %d tries, %d rolled back, %% of the target: %s%n",
        dear,
        iterations.count(),
        iterations.rolledBack(),
        Iterations.words(iterations.multiples()));
    worst.add(afterwards.stream().mapToDouble(each -> each).max().orElse(0));
    above.add((double) afterwards.stream().filter(each -> each > 2).count());
  }

  private Iterations run(Workload workload) throws Exception {
    var iterations = new Iterations();
    Files.writeString(
        directory.resolve(Undercurrent.NAME + ".yaml"), workload.job(Undercurrent.NAME, 1));
    run(server.database(), iterations);
    return iterations;
  }

  private void run(Database database, Iterations iterations) throws InterruptedException {
    try (var engine = new JobEngine(JobEngine.jobs(directory), iterations.controller(), database)) {
      engine.updates.start(database.name(), Undercurrent.NAME);
      engine.run().awaitEmptyQueue(LIMIT);
    }
  }

  static void figure(String what, List<Double> figures, String target) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s |%n",
        what,
        figures.isEmpty() ? "-" : Spread.of(figures),
        target);
  }
}
