package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.testing.PostgresTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast the homeserver's jobs are, from a cold start, against set-based SQL with the same end.
 * Run it with {@code ./mvnw test -Pbenchmarks -Dtest=HomeserverBenchmark}.
 */
@PostgresTest
@Tag("benchmark")
class HomeserverBenchmark {

  private static final int ROOMS = Integer.getInteger("undercurrent.benchmark-rooms", 10_000);
  private static final int ROUNDS = Integer.getInteger("undercurrent.benchmark-rounds", 3);

  @Test
  void comesNearSetBasedSql(@TempDir Path directory) throws Exception {
    try (var databases = Databases.embedded(new Home(directory), starting -> {})) {
      var database = databases.main();
      database.prepare();
      var peers = HomeserverPeers.load(database, ROOMS);
      var statistics = new ArrayList<Double>();
      var regenerated = new ArrayList<Double>();
      for (var round = 0; round < ROUNDS; round++) {
        peers.reset();
        var statisticsBySql = peers.statisticsBySql();
        var directoryBySql = peers.directoryBySql();
        peers.keep();
        peers.reset();
        var statisticsByJob = peers.statisticsByJob();
        var directoryByJob = peers.directoryByJob();
        peers.assertSame();
        statistics.add(statisticsBySql / statisticsByJob);
        regenerated.add(directoryBySql / directoryByJob);
        System.out.printf(
            "statistics %.2f s by SQL, %.2f s by the job: %.2f; directory %.2f s by SQL, %.2f s by the job: %.2f%n",
            statisticsBySql,
            statisticsByJob,
            statisticsBySql / statisticsByJob,
            directoryBySql,
            directoryByJob,
            directoryBySql / directoryByJob);
      }
      peers.iterations().forEach(HomeserverBenchmark::print);
      System.out.printf(
          "medians: statistics %.2f, directory %.2f of set-based SQL%n",
          median(statistics), median(regenerated));

      assertThat(median(statistics)).isGreaterThanOrEqualTo(0.6);
      assertThat(median(regenerated)).isGreaterThanOrEqualTo(0.4);
    }
  }

  private static void print(String update, List<Duration> iterations) {
    var sorted = iterations.stream().map(Duration::toMillis).sorted().toList();
    System.out.printf(
        "%-50s %4d iterations, %5d ms; median %d, p95 %d, worst %d ms%n",
        update,
        sorted.size(),
        sorted.stream().mapToLong(ms -> ms).sum(),
        sorted.get(sorted.size() / 2),
        sorted.get((sorted.size() - 1) * 95 / 100),
        sorted.get(sorted.size() - 1));
  }

  private static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }
}
