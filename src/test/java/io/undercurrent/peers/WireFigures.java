package io.undercurrent.peers;

import io.undercurrent.database.Database;
import io.undercurrent.testing.JobEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** How often an iteration waits for an answer of the server. */
final class WireFigures {

  private static final int FIRST = 7;
  private static final int ROWS = Integer.getInteger("peers.rows", 1_000_000);

  private final PeersServer server;
  private final Path directory;

  WireFigures(PeersServer server, Path directory) {
    this.server = server;
    this.directory = directory;
  }

  /** Of all iterations after the sixth, whose statements are prepared by then. */
  void roundTrips(Workload workload) throws Exception {
    server.renew(workload, ROWS);
    Files.writeString(
        directory.resolve(Undercurrent.NAME + ".yaml"), workload.job(Undercurrent.NAME, 1));
    var direct = server.database().settings();
    try (var trips = new RoundTrips(direct);
        var database = new Database(trips.settings(direct))) {
      var counted = new Counted(trips);
      try (var engine =
          new JobEngine(JobEngine.jobs(directory), counted.iterations.controller(), database)) {
        engine.updates.start(database.name(), Undercurrent.NAME);
        engine.run().awaitEmptyQueue(Duration.ofMinutes(15));
      }
      System.out.printf(
          Locale.ROOT,
          "| round trips per iteration, %s | %.2f (all sessions: %.2f) | <= 4 |%n",
          workload.name(),
          counted.most / (double) counted.iterationsCounted,
          counted.all / (double) counted.iterationsCounted);
    }
  }

  /** Looks at the counts between two iterations. */
  private static final class Counted {

    private final Iterations iterations = new Iterations();
    private long most;
    private long all;
    private int iterationsCounted;

    Counted(RoundTrips trips) {
      iterations.onEnter(
          () -> {
            var number = iterations.count() + 1;
            if (number == FIRST) {
              trips.begin();
            } else if (number > FIRST) {
              iterationsCounted = number - FIRST;
              most = trips.most();
              all = trips.all();
            }
          });
    }
  }
}
