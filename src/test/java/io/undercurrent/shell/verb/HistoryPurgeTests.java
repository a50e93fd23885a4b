package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@PostgresTest
class HistoryPurgeTests {

  private static final String RUNS = "SELECT run FROM undercurrent.runs ORDER BY run";

  private Database database;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) {
    this.database = database;
    Rows.run(
        database,
        """
        INSERT INTO undercurrent.runs (update_name, run, job_name, queued_at, ended_at, outcome)
        SELECT 'count', run, 'count', '2020-01-01', '2020-01-02', 'COMPLETED'
          FROM generate_series(1, 3) AS run""");
    this.shell = new TestShell(database, jobs);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void saysWhatItWouldRemove() {
    assertThat(shell.perform("history purge --before 90d --dry-run")).isZero();

    assertThat(shell.out())
        .startsWith(
            "Would remove 2 runs (0 executions), 0 samples and 0 records of changes of before 20")
        .endsWith(
            " from the history of master. The newest run of each update stays: the next one is numbered after it."
                + System.lineSeparator());
    assertThat(Rows.of(database, RUNS)).hasSize(3);
  }

  @Test
  void removesNothingBeforeItIsToldThatThisIsMeant() {
    assertThat(shell.perform("history purge --before 2020-02-01")).isOne();

    assertThat(shell.err())
        .isEqualToNormalizingNewlines(
            "This removes 2 runs (0 executions), 0 samples and 0 records of changes of before 2020-02-01 00:00:00 UTC from the history of master. If that is meant, add --yes.\n");
    assertThat(Rows.of(database, RUNS)).hasSize(3);
  }

  @Test
  void removesAndRecordsIt() {
    assertThat(shell.perform("history purge --before 2020-02-01 --yes")).isZero();

    assertThat(shell.out())
        .startsWith(
            "Removed 2 runs (0 executions), 0 samples and 0 records of changes of before 2020-02-01 00:00:00 UTC");
    assertThat(Rows.of(database, RUNS)).containsExactly("3");
    assertThat(Rows.of(database, "SELECT action || ': ' || after FROM undercurrent.actions"))
        .containsExactly(
            "purge: removed 2 runs and 0 records of changes of before 2020-02-01T00:00:00Z");
  }

  @Test
  void stillShowsTheHistoryOfAnUpdateOfThatName() {
    Rows.run(database, "UPDATE undercurrent.runs SET update_name = 'purge'");

    assertThat(shell.perform("history --update purge")).isZero();
    assertThat(shell.out()).contains("update   purge");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history purge | history purge: expected --before, such as --before 90d, because undercurrent.history.retention is not set",
        "history purge --before soon | --before: expected a duration like 2h or 7d",
        "history purge --before 90d --failed | expected purge or --failed, got both",
        "history purge --before 90d --update count | expected purge or --update, got both",
        "history --before 90d | --before: expected history purge with it",
        "history count --yes | --yes: expected history purge with it"
      })
  void refusesWhatMakesNoSense(String line, String problem) {
    assertThat(shell.perform(line)).isEqualTo(2);
    assertThat(shell.err()).contains(problem);
    assertThat(Rows.of(database, RUNS)).hasSize(3);
  }
}
