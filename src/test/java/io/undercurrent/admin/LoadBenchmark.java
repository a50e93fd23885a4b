package io.undercurrent.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 requests a second while a job runs, half of them bad: what they cost each other. Intervals
 * with and without requests take turns, so that both see the same machine and the same rows.
 */
@PostgresTest
@Tag("benchmark")
class LoadBenchmark {

  private static final int PER_SECOND = 200;
  private static final int CLIENTS = 16;
  private static final int ROUNDS = 6;
  private static final Duration INTERVAL =
      Duration.ofSeconds(Integer.getInteger("load.seconds", 10));
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final int ROWS = 2_500_000;

  @TempDir private Path home;

  @Test
  void leavesAPacedJobItsPace(Database database) throws Exception {
    measure(
        database,
        "with the default pauses",
        "--undercurrent.background-updates.sleep-enabled=true");
  }

  @Test
  void leavesAJobWithoutPauseItsPace(Database database) throws Exception {
    measure(database, "without pauses", "--undercurrent.background-updates.sleep-enabled=false");
  }

  private void measure(Database database, String pacing, String property) throws Exception {
    makeJob(database);
    try (var serve = new ServeProcess(home, database, property);
        var load = new Load(serve.http.port(), Load.mixed(serve.token), CLIENTS)) {
      assertThat(serve.startJob("count")).isEqualTo(200);
      try (var warmUp = new Load(serve.http.port(), Load.mixed(serve.token), CLIENTS)) {
        warmUp.send(PER_SECOND, WARM_UP);
      }
      var alone = new Interval();
      var loaded = new Interval();
      for (var round = 0; round < ROUNDS; round++) {
        // first one and then the other begins, so that a trend favours neither
        var loadedFirst = round % 2 == 0;
        (loadedFirst ? loaded : alone).during(serve, loadedFirst ? load : null);
        (loadedFirst ? alone : loaded).during(serve, loadedFirst ? null : load);
      }
      report(pacing, load, alone, loaded);

      assertThat(load.statuses().keySet()).allMatch(status -> status < 500);
      assertThat(load.percentileMs(99)).isLessThan(50);
      assertThat(loaded.itemsPerSecond()).isGreaterThan(0.9 * alone.itemsPerSecond());
    }
  }

  /** Its items take some work, as a real job's do, so that rows last. */
  private void makeJob(Database database) throws IOException {
    RunningApplication.makeHomeserver(database);
    Rows.run(
        database,
        "CREATE TABLE halls (id bigint PRIMARY KEY, hash text)",
        "INSERT INTO halls (id) SELECT generate_series(1, %d)".formatted(ROWS),
        "ANALYZE halls");
    Files.writeString(
        home.resolve("count.yaml"),
        """
        updates:
          - name: count
            read: {table: halls, key: [id]}
            write: |
              UPDATE halls SET hash = md5(repeat(chunk.id::text, 10000))
                FROM chunk
               WHERE halls.id = chunk.id
        """);
  }

  private static void report(String pacing, Load load, Interval alone, Interval loaded) {
    System.out.printf(
        "A job %s: %d requests, statuses %s, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms;"
            + " items/s alone %.0f, under load %.0f (%.1f %%); CPU of a request %.2f ms%n",
        pacing,
        load.count(),
        load.statuses(),
        load.percentileMs(50),
        load.percentileMs(99),
        load.percentileMs(99.9),
        alone.itemsPerSecond(),
        loaded.itemsPerSecond(),
        100 * loaded.itemsPerSecond() / alone.itemsPerSecond(),
        1e3 * (loaded.cpuPerSecond() - alone.cpuPerSecond()) / PER_SECOND);
  }

  /** What happened in all intervals of one kind. */
  private static final class Interval {

    private long items;
    private Duration time = Duration.ZERO;
    private Duration cpuTime = Duration.ZERO;

    void during(ServeProcess serve, @Nullable Load load) throws Exception {
      var itemsBefore = items(serve);
      var cpuBefore = serve.cpuTime();
      var began = System.nanoTime();
      if (load == null) {
        Thread.sleep(INTERVAL.toMillis());
      } else {
        load.send(PER_SECOND, INTERVAL);
      }
      time = time.plusNanos(System.nanoTime() - began);
      cpuTime = cpuTime.plus(serve.cpuTime().minus(cpuBefore));
      items += items(serve) - itemsBefore;
    }

    private static long items(ServeProcess serve) throws IOException {
      var status = serve.status();
      var items = status.replaceFirst(".*\"total_item_count\":(\\d+),.*", "$1");
      return Long.parseLong(items);
    }

    double itemsPerSecond() {
      return items / seconds(time);
    }

    double cpuPerSecond() {
      return seconds(cpuTime) / seconds(time);
    }

    private static double seconds(Duration duration) {
      return duration.toNanos() / 1e9;
    }
  }
}
