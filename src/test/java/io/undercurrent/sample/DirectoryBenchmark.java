package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.OnUpdate;
import io.undercurrent.database.Database;
import io.undercurrent.database.Home;
import io.undercurrent.database.registry.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How fast the user directory is regenerated, on the embedded server with fsync, without sleep. Run
 * it with {@code ./mvnw test -Pbenchmarks -Dtest=DirectoryBenchmark}.
 */
@Tag("benchmark")
class DirectoryBenchmark {

  private static final Duration TARGET = Duration.ofMillis(100);
  private static final String MEMBERS = "populate_user_directory_process_members";
  private static final String SLICES = "populate_user_directory_process_slices";

  private Databases databases;
  private Database database;

  @BeforeEach
  void startAServer(@TempDir Path directory) {
    databases = Databases.embedded(new Home(directory), starting -> {});
    database = databases.main();
    database.prepare();
  }

  @AfterEach
  void stopTheServer() {
    databases.close();
  }

  @Test
  void writesPairsFast() throws Exception {
    new SampleHomeserver(database).load(20_000, progress -> {});

    JobRunner.ofSample(database).run(JobRunner.DIRECTORY);
    printUpdates();
    var seconds = seconds(MEMBERS) + seconds(SLICES);
    var pairs = number("SELECT count(*) FROM users_who_share_private_rooms");
    System.out.printf(
        "%d pairs in %.1f s: %.0f pairs/s, the public rooms' rows included in the time%n",
        pairs, seconds, pairs / seconds);

    assertThat(pairs / seconds).isGreaterThan(40_000);

    JobRunner.ofSample(database).run(JobRunner.DIRECTORY);
    System.out.println("once more, with nothing to do:");
    printUpdates();
  }

  @Test
  void spreadsALargePrivateRoomOverManyIterations() throws Exception {
    Homeserver.in(database).privateRoom(2_000);
    var durations = new CopyOnWriteArrayList<Duration>();

    JobRunner.ofSample(database)
        .run(
            JobRunner.DIRECTORY,
            (update, name, oneShot) ->
                Set.of(MEMBERS, SLICES).contains(update)
                    ? timed(durations)
                    : JobRunner.paced(TARGET));
    printUpdates();
    var pairs = number("SELECT count(*) FROM users_who_share_private_rooms");
    var within =
        durations.stream().filter(duration -> duration.compareTo(TARGET.multipliedBy(2)) < 0);
    var share = (double) within.count() / durations.size();
    System.out.printf(
        "%d pairs in %.1f s and %d iterations, %.1f %% below 200 ms: %s%n",
        pairs,
        seconds(MEMBERS) + seconds(SLICES),
        durations.size(),
        100 * share,
        durations.stream().map(Duration::toMillis).toList());

    assertThat(pairs).isEqualTo(2_000 * 1_999);
    assertThat(share).isGreaterThanOrEqualTo(0.95);
  }

  private static OnUpdate.Iteration timed(List<Duration> durations) {
    return new OnUpdate.Iteration() {
      private long entered;

      @Override
      public Duration enter() {
        entered = System.nanoTime();
        return TARGET;
      }

      @Override
      public void exit(@Nullable Throwable failure) {
        durations.add(Duration.ofNanos(System.nanoTime() - entered));
      }
    };
  }

  private void printUpdates() {
    database
        .jdbc()
        .sql(
            """
            SELECT format('%s: %s rows, %s commits, %s s', step_name, read_count, commit_count,
                          round(extract(epoch FROM end_time - start_time), 1))
              FROM (SELECT DISTINCT ON (step_name) *
                      FROM undercurrent.batch_step_execution
                     ORDER BY step_name, step_execution_id DESC) AS last
             ORDER BY step_execution_id""")
        .query(String.class)
        .list()
        .forEach(System.out::println);
  }

  private double seconds(String update) {
    return database
        .jdbc()
        .sql(
            """
            SELECT extract(epoch FROM end_time - start_time)
              FROM undercurrent.batch_step_execution
             WHERE step_name = ?
             ORDER BY step_execution_id DESC
             LIMIT 1""")
        .param(update)
        .query(Double.class)
        .single();
  }

  private long number(String sql) {
    return database.jdbc().sql(sql).query(Long.class).single();
  }
}
