package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of an update that is queued again by itself. */
@PostgresTest
class EveryTests {

  private static final String TIDY =
      """
      description: Tidy up
      updates:
        - name: tidy_halls
          read: {table: halls, key: [id]}
          write: DELETE FROM halls USING chunk WHERE halls.id = chunk.id
          every: 36h
      """;

  @Test
  void isToldWhenItIsNextAndEndsWithCancel(Database database, @TempDir Path jobs) throws Exception {
    Rows.run(
        database,
        "CREATE TABLE halls (id int PRIMARY KEY)",
        "INSERT INTO halls SELECT generate_series(1, 10)");
    Files.writeString(jobs.resolve("tidy.yaml"), TIDY);
    try (var shell = new TestShell(database, jobs)) {
      shell.perform("jobs");
      assertThat(shell.out()).containsPattern("tidy +1 +1 d 12 h +Tidy up");

      shell.perform("start tidy");
      shell.startRunner();
      shell.awaitEmptyQueue();
      Rows.run(database, "UPDATE undercurrent.schedules SET due_at = '2031-02-03 04:05:06Z'");

      shell.perform("jobs");
      assertThat(shell.out()).containsPattern("NEXT \\(UTC\\)").contains("2031-02-03");
      shell.perform("jobs --json");
      assertThat(shell.out().replaceAll("\\s+", " "))
          .contains("\"every_ms\" : 129600000")
          .contains("\"database\" : \"master\", \"at\" : \"2031-02-03T04:05:06Z\"");
      shell.perform("show tidy_halls");
      assertThat(shell.out())
          .containsPattern("every +1 d 12 h")
          .containsPattern("next at +2031-02-03 04:05:06 UTC");
      shell.perform("show tidy_halls --json");
      assertThat(shell.out()).contains("\"next_at\" : \"2031-02-03T04:05:06Z\"");
      shell.perform("why tidy_halls");
      assertThat(shell.out().replaceAll("\\s+", " "))
          .contains("is not queued on 'master'; it is queued again by itself at 2031-02-03");
      shell.perform("queue");
      assertThat(shell.err())
          .isEqualTo(
              "The queue of master is empty. Next is tidy_halls at 2031-02-03 04:05:06 UTC.\n");

      assertThat(shell.perform("cancel tidy_halls --yes")).isZero();
      assertThat(shell.out())
          .isEqualTo("On master, tidy_halls is not queued again by itself any more.\n");
      assertThat(shell.perform("cancel tidy_halls --yes")).isOne();
      shell.perform("queue");
      assertThat(shell.err()).isEqualTo("The queue of master is empty.\n");
    }
  }

  @Test
  void isSaidWhereAQueuedOneIsCancelled(Database database, @TempDir Path jobs) throws IOException {
    Rows.run(database, "CREATE TABLE halls (id int PRIMARY KEY)");
    Files.writeString(jobs.resolve("tidy.yaml"), TIDY);
    try (var shell = new TestShell(database, jobs)) {
      shell.perform("start tidy");

      shell.perform("cancel tidy_halls --yes");

      assertThat(shell.out())
          .startsWith("Cancelled on master: tidy_halls.")
          .endsWith("tidy_halls is not queued again by itself any more.\n");
    }
  }

  @Test
  void isRefusedWhereItCannotBe(Database database, @TempDir Path jobs) throws IOException {
    Rows.run(database, "CREATE TABLE halls (id int PRIMARY KEY)");
    Files.writeString(
        jobs.resolve("often.yaml"),
        """
        updates:
          - name: index
            create-index: {table: halls, name: halls_id, columns: [id]}
            every: 1d
          - name: short
            run: SELECT 1
            every: 10s
        """);
    try (var shell = new TestShell(database, jobs)) {
      assertThat(shell.perform("check often")).isOne();

      assertThat(shell.out())
          .contains("'every' does not go with what is done once and for all")
          .contains("'every': expected a duration from 1m to 366d, such as 12h or 1d, found '10s'")
          .contains("update 'index' has 'every'; expected it to be the only update of its file");
    }
  }
}
