package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PostgresTest
class DoctorVerbTests {

  private static final DatabaseSettings DOWN =
      new DatabaseSettings("spare", "jdbc:postgresql://127.0.0.1:1/gone", "nobody", null);

  @TempDir private Path jobs;
  private Database database;

  @BeforeEach
  void open(Database database) {
    this.database = database;
  }

  private void leaveAPause(String update) {
    Rows.run(
        database,
        "INSERT INTO undercurrent.pauses (update_name, author) VALUES ('%s', 'ann')"
            .formatted(update));
  }

  @Test
  void saysThatNothingIsWrong() {
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("doctor")).isZero();

      assertThat(shell.out()).isEqualToNormalizingNewlines("Nothing is wrong on master.\n");
      assertThat(shell.err()).isEmpty();
    }
  }

  @Test
  void showsAProblemWithItsCureAndExitsWithThree() {
    leaveAPause("gone");
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("doctor master")).isEqualTo(3);

      assertThat(shell.out().replaceAll("for \\d+ s,", "for 0 s,"))
          .isEqualToNormalizingNewlines(
              """
              stale-pause  'gone' has been paused by ann for 0 s, but is not queued: the pause
                           would hold it once it is.
                           Lift it with: resume gone
                           Or have it done: doctor --fix stale-pause
              """);
      assertThat(shell.err()).isEqualToNormalizingNewlines("Found 1 problem and 0 hints.\n");
    }
  }

  @Test
  void exitsWithZeroWhereThereIsOnlyAHint() {
    Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("doctor")).isZero();

      assertThat(shell.out())
          .isEqualToNormalizingNewlines(
              """
              disabled  Hint: Updates are switched off.
                        Switch them on with: resume
              """);
      assertThat(shell.err()).isEqualToNormalizingNewlines("Found 0 problems and 1 hint.\n");
    }
  }

  @Test
  void looksAtTheOtherDatabasesWhereOneIsDown() {
    leaveAPause("gone");
    try (var shell = new TestShell(database, jobs, DOWN)) {
      assertThat(shell.perform("doctor")).isOne();

      assertThat(shell.out()).startsWith("master:").contains("stale-pause").contains("spare:");
      assertThat(shell.err()).contains("Database 'spare': ");
    }
  }

  @Test
  void mendsWhatItIsToldToAndRecordsIt() {
    leaveAPause("gone");
    leaveAPause("over");
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("doctor --fix stale-pause")).isZero();
      assertThat(shell.out())
          .isEqualToNormalizingNewlines("Lifted the pause of gone.\nLifted the pause of over.\n");

      shell.perform("history --actions");
      assertThat(shell.out())
          .contains("doctor gone")
          .contains("stale-pause: Lifted the pause of")
          .contains("doctor over");

      assertThat(shell.perform("doctor --fix stale-pause")).isZero();
      assertThat(shell.out()).isEqualToNormalizingNewlines("There is no stale-pause on master.\n");
    }
  }

  @Test
  void leavesAlonePausesOfOthersThanTheOneThatIsNamed() {
    leaveAPause("gone");
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("doctor --fix invalid-index")).isZero();

      assertThat(Rows.of(database, "SELECT update_name FROM undercurrent.pauses")).hasSize(1);
    }
  }

  @Test
  void saysWhatItLeavesToTheOperator() throws Exception {
    Files.writeString(jobs.resolve("titles.yaml"), "updates: [{name: titles, run: SELECT 1}]");
    try (var shell = new TestShell(database, jobs)) {
      shell.perform("start titles");
      Files.delete(jobs.resolve("titles.yaml"));

      assertThat(shell.perform("doctor --fix undefined-update")).isOne();
      assertThat(shell.err())
          .isEqualToNormalizingNewlines(
              "Update 'titles' is queued, but no job file defines it. Left to you: Add the file back, or drop the update with: cancel titles\n");
    }
  }

  @Test
  void guessesTheFindingThatIsMeant() {
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("doctor --fix invalid-indexes")).isEqualTo(2);

      assertThat(shell.err())
          .startsWith(
              "doctor: --fix: expected the name of a finding, got 'invalid-indexes', did you mean 'invalid-index'? All names: role-setting, ");
    }
  }
}
