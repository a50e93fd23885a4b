package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A job file that is edited while the run of its update is under way. */
@PostgresTest
class ChangedFileTests {

  private static final String FILE =
      """
      updates:
        - name: fill_numbers
          read: {table: halls, key: [id]}
          write: UPDATE halls SET n = 1 / (150 - halls.id) FROM chunk WHERE halls.id = chunk.id
      """;
  private static final String CORRECTED = FILE.replace("1 / (150 - halls.id)", "7");
  private static final String DONE =
      "SELECT 1 FROM undercurrent.runs WHERE update_name = 'fill_numbers' AND outcome IS NOT NULL";
  private static final String VALUES = "SELECT DISTINCT n FROM halls ORDER BY n";

  @TempDir private Path jobs;
  private Database database;

  @BeforeEach
  void beginAndFail(Database database) throws IOException {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE halls (id int PRIMARY KEY, n int)",
        "INSERT INTO halls SELECT generate_series(1, 250)",
        "ANALYZE halls");
    write(FILE);
    try (var shell = TestShell.backingOff(database, jobs)) {
      shell.perform("start numbers");
      shell.startRunner();
      Rows.await(database, "SELECT 1 FROM undercurrent.runs WHERE failures_in_row > 0");
    }
  }

  private void write(String file) throws IOException {
    Files.writeString(jobs.resolve("numbers.yaml"), file);
  }

  @Test
  void holdsTheRunUntilTheChangeIsAccepted() throws Exception {
    write(CORRECTED);
    Files.writeString(jobs.resolve("other.yaml"), "updates: [{name: other, run: SELECT 1}]");
    try (var shell = new TestShell(database, jobs)) {
      shell.perform("start other");
      shell.startRunner();
      Rows.await(
          database,
          "SELECT 1 FROM undercurrent.runs WHERE update_name = 'other' AND outcome = 'COMPLETED'");

      assertThat(shell.perform("retry fill_numbers")).isEqualTo(1);
      assertThat(shell.err().replaceAll("\\s+", " "))
          .contains("cannot be tried again")
          .contains("SET n = 1 / (150 - halls.id)")
          .contains("SET n = 7 FROM chunk")
          .contains("retry fill_numbers --accept-change");
      shell.perform("queue --json");
      assertThat(JsonMapper.shared().readTree(shell.out()).get(0).path("state").stringValue())
          .isEqualTo("definition-changed");

      assertThat(shell.perform("retry fill_numbers --accept-change")).isZero();
      Rows.await(database, DONE);
      shell.perform("history --actions");
      assertThat(shell.out().replaceAll("\\s+", " ")).contains("retry").contains("SET n = 7");
    }
    // the first chunk was done before, by the file as it was
    assertThat(Rows.of(database, VALUES)).containsExactly("0", "7");
  }

  @Test
  void goesOnByItselfWhenTheFileIsAsItWas() throws Exception {
    write(CORRECTED);
    try (var shell = new TestShell(database, jobs)) {
      shell.perform("why fill_numbers");
      assertThat(shell.out().replaceAll("\\s+", " ")).contains("its definition has changed");

      write("# what was wrong with it?\n" + FILE);
      Rows.run(
          database,
          "DELETE FROM halls WHERE id = 150",
          "UPDATE undercurrent.runs SET retry_at = NULL");
      shell.startRunner();
      Rows.await(database, DONE);
    }
    assertThat(Rows.of(database, VALUES)).doesNotContain("7");
  }

  @Test
  void goesOnWithNoOtherTable() throws Exception {
    write(FILE.replace("table: halls", "table: rooms"));
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("retry fill_numbers --accept-change")).isEqualTo(1);
      assertThat(shell.err().replaceAll("\\s+", " "))
          .contains("read.table: halls → rooms")
          .contains("cancel fill_numbers, and start numbers");

      write(FILE);
      assertThat(shell.perform("retry fill_numbers --accept-change")).isEqualTo(1);
      assertThat(shell.err()).contains("no change to accept");

      write(FILE.replace("table: halls", "table: rooms"));
      assertThat(shell.perform("cancel fill_numbers --yes")).isZero();
      assertThat((shell.out() + shell.err()).replaceAll("\\s+", " "))
          .contains("has changed since its run began, read.table: halls → rooms. Look yourself");
    }
  }

  @Test
  void goesOnWithWhatAnOlderVersionHasBegun() throws Exception {
    write(CORRECTED);
    Rows.run(database, "UPDATE undercurrent.runs SET definition = NULL, retry_at = NULL");
    try (var shell = new TestShell(database, jobs)) {
      shell.startRunner();
      Rows.await(database, DONE);
    }
    assertThat(Rows.of(database, VALUES)).containsExactly("0", "7");
    assertThat(Rows.of(database, "SELECT definition ->> 'kind' FROM undercurrent.runs"))
        .containsExactly("read-write");
  }
}
