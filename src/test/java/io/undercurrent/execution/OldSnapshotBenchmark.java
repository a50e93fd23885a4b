package io.undercurrent.execution;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whether iterations stay as fast as they were while a transaction is open. Run it with {@code
 * ./mvnw test -Pbenchmarks -Dtest=OldSnapshotBenchmark}.
 */
@PostgresTest
@Tag("benchmark")
class OldSnapshotBenchmark {

  private static final int ITERATIONS = 20_000;
  private static final int WINDOW = 1_000;

  private final List<Duration> durations = new ArrayList<>();

  @Test
  void theLastIterationsAreAsFastAsTheFirst(Database database) throws Exception {
    createTable(database, "numbers", ITERATIONS);
    try (var snapshot = OldSnapshot.hold(database)) {
      assertThat(snapshot.pid()).isPositive();
      new Engine(
              database,
              new RunnerContext(
                  new ScriptedController().controller(),
                  Beans.NONE,
                  FailurePolicy.STANDARD,
                  new Listener(),
                  Clock.systemUTC(),
                  TimeSource.SYSTEM),
              job(inChunksOf(1, counting("numbers", "numbers"))))
          .queue("numbers")
          .run()
          .awaitEmptyQueue(Duration.ofMinutes(10))
          .close();
    }
    for (var end = 2 * WINDOW; end <= ITERATIONS; end += 2 * WINDOW) {
      System.out.printf("%,7d to %,7d: %.2f ms%n", end - WINDOW, end, mean(end));
    }
    var ratio = mean(ITERATIONS) / mean(2 * WINDOW);
    System.out.printf("the last thousand took %.2f times as long%n", ratio);
    assertThat(durations).hasSize(ITERATIONS);
    assertThat(ratio).isLessThan(1.5);
  }

  /** In milliseconds, of the last thousand before one. */
  private double mean(int end) {
    return durations.subList(end - WINDOW, end).stream()
        .mapToDouble(duration -> duration.toNanos() / 1e6)
        .average()
        .orElseThrow();
  }

  /** Keeps how long each iteration took, its COMMIT included. */
  private final class Listener implements RunnerListener {

    @Override
    public void committed(String database, String update, Iteration iteration) {
      durations.add(iteration.duration());
    }
  }
}
