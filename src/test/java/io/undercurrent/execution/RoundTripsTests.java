package io.undercurrent.execution;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.StatementCounter;
import io.undercurrent.testing.StatementCounter.RoundTrip;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Between the process and the database there may be a network. */
@PostgresTest
class RoundTripsTests {

  private static final int MOST = 4;

  @Test
  void anIterationTakesAtMostFour(Database database) throws Exception {
    createTable(database, "numbers", 200);

    assertFew(
        database,
        through ->
            new Engine(
                    through,
                    new ScriptedController().controller(),
                    job(inChunksOf(10, counting("numbers", "numbers"))))
                .queue("numbers")
                .finish());
  }

  @Test
  void anIterationByRangeTakesAtMostFour(Database database, @TempDir Path directory)
      throws Exception {
    createTable(database, "numbers", 200);
    Files.writeString(
        directory.resolve("numbers.yaml"),
        """
        updates:
          - name: numbers
            batch: {first: 10, max: 10}
            update: {table: numbers, set: {n: "1"}}
        """);

    assertFew(
        database,
        through -> {
          try (var engine = new JobEngine(directory, through)) {
            engine.updates.start(through.name(), "numbers");
            engine.run().awaitEmptyQueue();
          }
        });
  }

  private static void assertFew(Database database, ThrowingConsumer<Database> run)
      throws Exception {
    try (var counter = new StatementCounter(database.settings().url());
        var through = through(counter, database)) {
      run.accept(through);

      assertThat(iterations(counter.roundTrips()))
          .hasSize(19)
          .allSatisfy(iteration -> assertThat(iteration).hasSizeLessThanOrEqualTo(MOST));
    }
    assertThat(Rows.of(database, "SELECT count(*) FROM numbers WHERE n = 1"))
        .containsExactly("200");
  }

  /** What is sent from the end of one iteration to the end of the next, the first left out. */
  private static List<List<RoundTrip>> iterations(List<RoundTrip> trips) {
    var runner = trips.stream().filter(RoundTripsTests::saves).findFirst().orElseThrow();
    var iterations = new ArrayList<List<RoundTrip>>();
    var iteration = new ArrayList<RoundTrip>();
    for (var trip : trips) {
      if (trip.connection() == runner.connection()) {
        iteration.add(trip);
      }
      if (saves(trip)) {
        iterations.add(List.copyOf(iteration));
        iteration.clear();
      }
    }
    return iterations.subList(1, iterations.size());
  }

  private static boolean saves(RoundTrip trip) {
    return trip.has("undercurrent.checkpoint") && trip.has("COMMIT");
  }

  private static Database through(StatementCounter counter, Database database) {
    var settings = database.settings();
    return new Database(
        new DatabaseSettings(
            settings.name(), counter.preparingUrl(), settings.username(), settings.password()));
  }
}
