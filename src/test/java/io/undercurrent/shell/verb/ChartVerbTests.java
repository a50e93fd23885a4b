package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class ChartVerbTests {

  private Database database;
  private TestShell shell;

  /** Run 1 has ended long ago, run 2 is queued. */
  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    Files.writeString(
        jobs.resolve("titles.yaml"),
        """
        updates:
          - name: fill_titles
            run: SELECT 1
        """);
    this.shell = new TestShell(database, jobs);
    Rows.run(
        database,
        "INSERT INTO undercurrent.runs (update_name, run, job_name, queued_at, ended_at, outcome) VALUES ('fill_titles', 1, 'titles', '2026-11-27 08:00Z', '2026-11-30 08:00Z', 'COMPLETED')");
    shell.perform("start titles");
  }

  @AfterEach
  void close() {
    shell.close();
  }

  private void sampled(int run, String begin, int minutes) {
    Rows.run(
        database,
        """
        INSERT INTO undercurrent.samples
          (update_name, run, at, ms, items, changed, iterations, iteration_ms, target_ms,
           chunk_size, times)
        SELECT 'fill_titles', %d, timestamptz '%s' + minute * interval '1 minute', 60000,
               6000, 6000, 20, 2400, 100, 300, '{"working": 50000, "held:slots": 10000}'
          FROM generate_series(1, %d) AS minute"""
            .formatted(run, begin, minutes));
  }

  @Test
  void drawsTheRunThatIsQueued() {
    sampled(1, "2026-11-27 08:00Z", 60);
    sampled(2, "2026-12-01 08:00Z", 120);

    assertThat(shell.perform("chart fill_titles")).isZero();

    assertThat(shell.out())
        .startsWith(
            "fill_titles on master, run 2, QUEUED: 2026-12-01 08:00 to 2026-12-01 10:00:00 UTC")
        .contains(
            "          100 │███", // items per second
            "milliseconds per iteration; target 100: ╌",
            "       worked │███",
            "held by slots │░░░",
            "08:30")
        .endsWith(
            "In 2 h: 720,000 items in 2,400 iterations; worked 1 h 40 m (83 %), held by slots 20 m (16 %).\n"
                .replace("\n", System.lineSeparator()));
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void drawsAPastRunSinceATime() {
    sampled(1, "2026-11-27 08:00Z", 3 * 24 * 60);

    assertThat(shell.perform("chart fill_titles --run 1")).isZero();
    assertThat(shell.out())
        .startsWith("fill_titles on master, run 1, COMPLETED: 2026-11-27 08:00 to 2026-11-30 08")
        .contains("11-28", "In 3 d: 25,920,000 items");

    shell.perform("chart fill_titles --run 1 --since \"2026-11-30 07:50:30\"");
    assertThat(shell.out())
        .startsWith("fill_titles on master, run 1, COMPLETED: 2026-11-30 07:50 to 2026-11-30 08")
        .contains("In 9 m 30 s: 57,000 items in 190 iterations");
  }

  @Test
  void saysWhatToDoWhereThereIsTooLittle() {
    assertThat(shell.perform("chart fill_titles")).isZero();
    assertThat(shell.err())
        .contains(
            "Run 2 of fill_titles on master has no sample, and a chart takes two. It has not started yet: see why with: why fill_titles");

    sampled(1, "2026-11-27 08:00Z", 1);
    shell.perform("chart fill_titles --run 1");
    assertThat(shell.err())
        .contains(
            "Run 1 of fill_titles on master has one sample, and a chart takes two.",
            "Its figures are in: history fill_titles");

    shell.perform("chart fill_titles --run 1 --since 2h");
    assertThat(shell.err()).contains("has no sample since 2", "with an earlier --since");
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void givesTheSamplesToScripts() {
    shell.perform("chart fill_titles --json");
    assertThat(shell.out()).contains("\"samples\" : [ ]");

    sampled(2, "2026-12-01 08:00Z", 1);
    shell.perform("chart fill_titles --json");
    assertThat(shell.out()).contains("\"at\" : \"2026-12-01T08:01:00Z\"", "\"held:slots\" : 10000");
  }

  @Test
  void refusesWhatThereIsNot() {
    assertThat(shell.perform("chart fill_titel")).isOne();
    assertThat(shell.err()).contains("did you mean 'fill_titles'?");

    assertThat(shell.perform("chart fill_titles --run 7")).isOne();
    assertThat(shell.err())
        .contains(
            "expected a run of 'fill_titles' on 'master', found none of number 7: the last one is 2. List them with: history fill_titles");

    assertThat(shell.perform("chart fill_titles --since soon")).isEqualTo(2);
  }

  @Test
  void saysThatNothingHasRunYet() {
    shell.perform("cancel fill_titles --yes");
    Rows.run(database, "DELETE FROM undercurrent.runs");

    assertThat(shell.perform("chart fill_titles")).isOne();
    assertThat(shell.err()).contains("Update 'fill_titles' has not run on 'master' yet.");
  }
}
