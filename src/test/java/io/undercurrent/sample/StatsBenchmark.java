package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.command.BackgroundUpdates;
import io.undercurrent.command.ShippedKinds;
import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.Jobs;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.testing.PostgresTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast the room statistics are recomputed on the sample with 20,000 rooms, on the embedded
 * server with fsync. Run it with {@code ./mvnw test -Pbenchmarks -Dtest=StatsBenchmark}.
 */
@PostgresTest
@Tag("benchmark")
class StatsBenchmark {

  private static final String JOB = "populate_stats_process_rooms";
  private static final int ROUNDS = 3;

  private Databases databases;
  private Database database;
  private Jobs jobs;
  private long rooms;

  @BeforeEach
  void loadTheSample(@TempDir Path directory) {
    databases = Databases.embedded(new Home(directory), starting -> {});
    database = databases.main();
    // The loop calls the job's functions.
    database.prepare(Changelog.HOMESERVER);
    var start = System.nanoTime();
    new SampleHomeserver(database).load(20_000, progress -> {});
    System.out.printf("20,000 rooms loaded in %.1f s%n", seconds(start));
    jobs = new Jobs(ShippedKinds.all(), directory, name -> "sample.test");
    database.jdbc().sql("TRUNCATE room_stats_state, room_stats_current").update();
    rooms =
        database
            .jdbc()
            .sql("SELECT count(DISTINCT room_id) FROM current_state_events")
            .query(Long.class)
            .single();
  }

  @AfterEach
  void stopTheServer() {
    databases.close();
  }

  @Test
  void keepsUpWithALoopInTheDatabase() throws Exception {
    var loop = new ArrayList<Double>();
    var engine = new ArrayList<Double>();
    createLoop();
    for (int round = 0; round < ROUNDS; round++) {
      loop.add(roomsPerSecond(this::loop));
      engine.add(roomsPerSecond(this::job));
    }
    var ratio = median(engine) / median(loop);
    System.out.printf(
        "rooms/s: loop with COMMIT per 300 rooms %.0f %s, engine %.0f %s, ratio %.2f%n",
        median(loop), loop, median(engine), engine, ratio);

    assertThat(ratio).isGreaterThan(0.6);
    assertThat(median(engine)).isGreaterThan(3_000);
  }

  @Test
  void keepsIterationsNearTheTarget() throws Exception {
    var timed = new Timed(Controller.builtIn().onUpdate());
    run(
        new Controller(
            timed, (update, database) -> 100, (update, database) -> 100, "the benchmark"));
    var durations = timed.durations.subList(10, timed.durations.size());
    var near =
        durations.stream()
            .filter(duration -> duration.toMillis() >= 50 && duration.toMillis() <= 200)
            .count();
    System.out.printf(
        "%d of %d iterations after the tenth took 50 to 200 ms: %s%n",
        near, durations.size(), durations.stream().map(Duration::toMillis).toList());

    // the last one takes what is left
    assertThat((double) near / (durations.size() - 1)).isGreaterThanOrEqualTo(0.9);
  }

  private void run(Controller controller) throws InterruptedException {
    try (var updates = new BackgroundUpdates(databases, jobs, controller, Beans.NONE)) {
      updates.start(database.name(), JOB);
      updates.startRunners();
      assertThat(updates.awaitIdle(database.name(), Duration.ofMinutes(5))).isTrue();
    }
    assertThat(updatedRooms()).isEqualTo(rooms);
  }

  private double roomsPerSecond(Callable<Double> secondsOfWork) throws Exception {
    database.jdbc().sql("TRUNCATE room_stats_state, room_stats_current").update();
    database.jdbc().sql("CHECKPOINT").update();
    var rate = rooms / secondsOfWork.call();
    assertThat(updatedRooms()).isEqualTo(rooms);
    return rate;
  }

  private double loop() {
    var start = System.nanoTime();
    database.jdbc().sql("CALL recompute_stats()").update();
    return seconds(start);
  }

  /** From the start of the job's execution to its end, as Spring Batch has written them down. */
  private double job() throws InterruptedException {
    run(unpaced());
    return database
        .jdbc()
        .sql(
            """
            SELECT extract(epoch FROM end_time - start_time)
              FROM undercurrent.batch_job_execution
             ORDER BY job_execution_id DESC
             LIMIT 1""")
        .query(Double.class)
        .single();
  }

  private long updatedRooms() {
    return database
        .jdbc()
        .sql("SELECT count(*) FROM room_stats_current")
        .query(Long.class)
        .single();
  }

  /** The job's own statement in a loop of the server. */
  private void createLoop() {
    var work = (ReadWrite) jobs.get(JOB).updates().get(0).work();
    var write = ((Write.Statements) work.write()).statements().get(0).text();
    var statement =
        write
            .replaceFirst("WITH ", "WITH chunk(room_id) AS (SELECT unnest(rooms)), ")
            .replace(":server_name", "'sample.test'");
    database
        .jdbc()
        .sql(
            """
            CREATE PROCEDURE recompute_stats() LANGUAGE plpgsql AS $procedure$
            DECLARE
              rooms text[];
              last text := '';
            BEGIN
              LOOP
                rooms := ARRAY (SELECT DISTINCT room_id
                                  FROM current_state_events
                                 WHERE room_id > last
                                 ORDER BY room_id
                                 LIMIT 300);
                EXIT WHEN cardinality(rooms) = 0;
                last := rooms[cardinality(rooms)];
            """
                + statement
                + """
                ;
                COMMIT;
              END LOOP;
            END $procedure$""")
        .update();
  }

  private static Controller unpaced() {
    return new Controller(
        (update, database, oneShot) -> new Unpaced(),
        (update, database) -> 100,
        (update, database) -> 100,
        "the benchmark");
  }

  private static double median(List<Double> figures) {
    return figures.stream().sorted().toList().get(figures.size() / 2);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static final class Unpaced implements OnUpdate.Iteration {

    @Override
    public Duration enter() {
      return Duration.ofMillis(100);
    }

    @Override
    public void exit(@Nullable Throwable failure) {}
  }

  /** Measures what lies between enter and exit. */
  private static final class Timed implements OnUpdate {

    private final OnUpdate paced;
    private final List<Duration> durations = new CopyOnWriteArrayList<>();

    Timed(OnUpdate paced) {
      this.paced = paced;
    }

    @Override
    public Iteration onUpdate(String updateName, String databaseName, boolean oneShot) {
      var iteration = paced.onUpdate(updateName, databaseName, oneShot);
      return new Iteration() {
        private long entered;

        @Override
        public Duration enter() throws InterruptedException {
          var target = iteration.enter();
          entered = System.nanoTime();
          return target;
        }

        @Override
        public void exit(@Nullable Throwable failure) {
          durations.add(Duration.ofNanos(System.nanoTime() - entered));
          iteration.exit(failure);
        }
      };
    }
  }
}
