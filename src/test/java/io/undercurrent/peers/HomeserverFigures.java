package io.undercurrent.peers;

import io.undercurrent.sample.HomeserverPeers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How fast the homeserver's two jobs are beside the set-based SQL that comes to the same rows. */
final class HomeserverFigures {

  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final int ROOMS = Integer.getInteger("peers.rooms", 10_000);

  private final PeersServer server;

  HomeserverFigures(PeersServer server) {
    this.server = server;
  }

  void compare() throws Exception {
    var peers = HomeserverPeers.load(server.database(), ROOMS);
    var statistics = new ArrayList<Double>();
    var directory = new ArrayList<Double>();
    var worst = new ArrayList<Double>();
    for (int round = 0; round < ROUNDS; round++) {
      peers.reset();
      var statisticsBySql = peers.statisticsBySql();
      var directoryBySql = peers.directoryBySql();
      peers.keep();
      peers.reset();
      statistics.add(statisticsBySql / peers.statisticsByJob());
      directory.add(directoryBySql / peers.directoryByJob());
      peers.assertSame();
      worst.add(
          peers.iterations().values().stream()
              .flatMap(List::stream)
              .max(Comparator.naturalOrder())
              .map(longest -> longest.toMillis() / 100.0)
              .orElse(0.0));
    }
    PaceFigures.figure(
        "statistics of %,d rooms, x set-based SQL".formatted(ROOMS), statistics, ">= 0.6");
    PaceFigures.figure(
        "directory of %,d rooms, x set-based SQL".formatted(ROOMS), directory, ">= 0.4");
    PaceFigures.figure("worst iteration of both, x target", worst, "-");
  }
}
