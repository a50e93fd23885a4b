package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a role can do that has the rights of {@code db/grants.sql} and no others. */
@PostgresTest
class GrantsTests {

  @Test
  void letTheHomeserversJobsRun(TestDatabases databases) throws Exception {
    var owners = databases.createEmpty();
    new SampleHomeserver(owners).load(60, step -> {});
    Rows.run(owners, "DROP SCHEMA IF EXISTS undercurrent CASCADE", grants());
    var database = databases.as("undercurrent_runner", owners);
    database.prepare();
    var jobs = JobRunner.ofSample(database);

    assertThat(jobs.check(JobRunner.STATISTICS)).isEmpty();
    jobs.run(JobRunner.STATISTICS);
    assertThat(jobs.check(JobRunner.DIRECTORY)).isEmpty();
    jobs.run(JobRunner.DIRECTORY);

    assertThat(
            Rows.of(
                database,
                "SELECT DISTINCT job_name || ' ' || status FROM undercurrent.update_history ORDER BY 1"))
        .containsExactly(
            "populate_stats_process_rooms COMPLETED", "regenerate_directory COMPLETED");
    assertThat(Rows.of(database, "SELECT count(*) > 0 FROM room_stats_current"))
        .containsExactly("t");
    assertThat(Rows.of(database, "SELECT count(*) > 0 FROM user_directory")).containsExactly("t");
  }

  @Test
  void handOverWhatAFirstTryAsSuperuserHasMade(TestDatabases databases) throws Exception {
    var owners = databases.create();
    new SampleHomeserver(owners).load(60, step -> {});
    JobRunner.ofSample(owners).run(JobRunner.STATISTICS);
    Rows.run(owners, grants(), grants());
    var database = databases.as("undercurrent_runner", owners);

    database.prepare();
    JobRunner.ofSample(database).run(JobRunner.STATISTICS);

    assertThat(Rows.of(database, "SELECT run || ' ' || status FROM undercurrent.update_history"))
        .containsExactlyInAnyOrder("1 COMPLETED", "2 COMPLETED");
    assertThat(Rows.of(owners, OWNERS)).containsExactly("undercurrent_runner");
  }

  private static final String OWNERS =
      """
      SELECT DISTINCT pg_get_userbyid(owner)
        FROM (SELECT relowner, relnamespace FROM pg_class
              UNION ALL
              SELECT proowner, pronamespace FROM pg_proc
              UNION ALL
              SELECT typowner, typnamespace FROM pg_type
              UNION ALL
              SELECT nspowner, oid FROM pg_namespace) AS owned (owner, home)
       WHERE home = CAST('undercurrent' AS regnamespace)""";

  private static String grants() throws Exception {
    return Files.readString(Path.of("db/grants.sql"));
  }
}
