package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Changelog;
import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The part of the schema that only a homeserver's jobs need. */
@PostgresTest
class HomeserversPartTests {

  @TempDir private Path directory;

  @Test
  void doesNotComeWithAnotherJob(TestDatabases databases) throws Exception {
    var database = databases.createEmpty();
    Files.writeString(
        directory.resolve("plain.yaml"), "updates:\n  - name: plain\n    run: SELECT 1\n");

    new JobRunner(database, directory, "a.test").run("plain");

    assertThat(Rows.of(database, "SELECT status FROM undercurrent.update_history"))
        .containsExactly("COMPLETED");
    assertThat(part(database)).isEmpty();
  }

  @Test
  void comesWithAHomeserversJob(TestDatabases databases) throws Exception {
    var database = databases.createEmpty();
    new SampleHomeserver(database).load(60, step -> {});
    assertThat(part(database)).isEmpty();
    assertThat(JobRunner.ofSample(database).check(JobRunner.DIRECTORY)).isEmpty();
    assertThat(part(database)).isEmpty();

    JobRunner.ofSample(database).run(JobRunner.DIRECTORY);

    assertThat(part(database)).contains("directory_rooms", "is_public_room", "user_domain");
    ExpectedDirectory.assertHolds(database);
  }

  @Test
  void doesNotComeWithAJobThatDoesNotFitTheDatabase(Database database) {
    assertThat(JobRunner.ofSample(database).check(JobRunner.STATISTICS)).isNotEmpty();

    assertThat(part(database)).isEmpty();
    assertThat(database.isPrepared(Changelog.HOMESERVER)).isFalse();
  }

  @Test
  void comesWithAnUpdateThatWasQueuedBySql(Database database) throws Exception {
    new SampleHomeserver(database).load(60, step -> {});
    Rows.run(
        database,
        "INSERT INTO undercurrent.background_updates (update_name) VALUES ('populate_stats_process_rooms')",
        "INSERT INTO undercurrent.runs (update_name, run, job_name) SELECT update_name, 1, update_name FROM undercurrent.background_updates");

    JobRunner.ofSample(database).finish();

    assertThat(Rows.of(database, "SELECT status FROM undercurrent.update_history"))
        .containsExactly("COMPLETED");
    assertThat(Rows.of(database, "SELECT count(*) > 0 FROM room_stats_current"))
        .containsExactly("t");
  }

  private static List<@Nullable String> part(Database database) {
    return Rows.of(
        database,
        """
        SELECT tablename
          FROM pg_tables
         WHERE schemaname = 'undercurrent'
           AND tablename LIKE 'directory%'
        UNION ALL
        SELECT proname
          FROM pg_proc
         WHERE pronamespace = to_regnamespace('undercurrent')""");
  }
}
