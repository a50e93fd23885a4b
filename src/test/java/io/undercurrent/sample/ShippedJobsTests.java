package io.undercurrent.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shipped jobs on tables that a check takes for large. */
@PostgresTest
class ShippedJobsTests {

  @Test
  void areCheckedWithoutAWarningAlsoAfterTheyHaveRun(TestDatabases databases) throws Exception {
    var database = databases.createEmpty();
    new SampleHomeserver(database).load(800, step -> {});
    var shipped = JobRunner.ofSample(database);
    var examples =
        new JobRunner(database, Path.of("jobs", "examples"), SampleHomeserver.SERVER_NAME);
    var jobs = List.of(JobRunner.STATISTICS, JobRunner.DIRECTORY);
    var others = List.of("backfill_member_domains", "count_room_servers");

    assertThat(jobs).allSatisfy(job -> assertThat(shipped.check(job)).isEmpty());
    assertThat(others).allSatisfy(job -> assertThat(examples.check(job)).isEmpty());
    shipped.run(JobRunner.DIRECTORY);
    examples.run("backfill_member_domains");
    Rows.run(database, "ANALYZE");
    assertThat(jobs).allSatisfy(job -> assertThat(shipped.check(job)).isEmpty());
    assertThat(others).allSatisfy(job -> assertThat(examples.check(job)).isEmpty());
    assertThat(
            Rows.of(database, "SELECT 1 FROM pg_class WHERE relkind = 'r' AND reltuples > 10000"))
        .hasSizeGreaterThan(3);
  }
}
