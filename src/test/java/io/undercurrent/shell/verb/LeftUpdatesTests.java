package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.runner.DatabaseRunner;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.RecordedLog;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code run} leaves in the queue because nothing can run it. */
@PostgresTest
class LeftUpdatesTests {

  private static final String JOB =
      """
      updates:
        - {name: one, run: SELECT 1}
        - {name: two, run: SELECT 2, depends-on: one}
      """;

  private Path file;
  private TestShell shell;

  @BeforeEach
  void queue(Database database, @TempDir Path jobs) throws IOException {
    file = jobs.resolve("pair.yaml");
    Files.writeString(file, JOB);
    shell = new TestShell(database, jobs);
    shell.perform("start pair");
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void namesTheFileThatIsBrokenAndItsFirstProblem() throws IOException {
    Files.writeString(file, JOB.replace("depends-on", "depend-on").replace("SELECT 1", "''"));
    var problem =
        "but the file that defines it has 2 problems, the first one: %s:2: ".formatted(file);
    var wayOut = ". Correct them; see all with: check pair";

    try (var log = new RecordedLog(DatabaseRunner.class)) {
      assertThat(shell.perform("run")).isEqualTo(1);
      // The runner may look only after that.
      Engine.await()
          .until(
              () ->
                  log.messages().stream()
                      .anyMatch(
                          said ->
                              said.startsWith("Update 'one' is queued on 'master', " + problem)
                                  && said.endsWith(wayOut)));
    }

    assertThat(shell.err().substring(shell.err().indexOf("2 updates left on master.\n")).lines())
        .hasSize(3)
        .element(1)
        .asString()
        .startsWith("one: Update 'one' is queued on 'master', " + problem)
        .endsWith(wayOut);
    for (var verb : new String[] {"status", "why", "why one", "queue", "show one"}) {
      assertThat(shell.perform(verb)).isZero();
      assertThat((shell.out() + shell.err()).replaceAll("\\s+", " "))
          .as(verb)
          .contains(problem)
          .doesNotContain("no file in jobs/");
    }
    assertThat(shell.perform("queue --json")).isZero();
    assertThat(shell.out()).contains(problem, "\"cause\" : \"broken-file\"");
  }

  @Test
  void namesTheFileOfAnUpdateThatWasQueuedBySql(Database database) throws IOException {
    shell.perform("cancel one --yes");
    Rows.run(database, "INSERT INTO undercurrent.background_updates (update_name) VALUES ('one')");
    Files.writeString(file, JOB.replace("depends-on", "depend-on"));

    assertThat(shell.perform("run")).isEqualTo(1);

    assertThat(shell.err())
        .contains("the file that defines it has a problem: %s:3: ".formatted(file));
  }

  @Test
  void namesTheFileOfAnUpdateThatWasNeverQueued() throws IOException {
    Files.writeString(
        file.resolveSibling("other.yaml"),
        "updates: [{name: three, run: SELECT 3, dpends-on: one}]");

    assertThat(shell.perform("why three")).isEqualTo(1);

    assertThat(shell.err())
        .startsWith("Job 'other' has problems:")
        .contains("other.yaml:1: ", "'dpends-on'");
  }

  @Test
  void namesTheFileThatDefinesItNoMore() throws IOException {
    Files.writeString(file, "updates: [{name: one, run: SELECT 1}]");

    assertThat(shell.perform("run")).isEqualTo(1);

    assertThat(shell.err())
        .contains("one: completed")
        .contains("1 update left on master.")
        .endsWith(
            "two: Update 'two' is queued on 'master', but %s defines it no more. Add it there again, or drop the update with: cancel two%n"
                .formatted(file));
  }

  @Test
  void saysThatNoFileIsLeft() throws IOException {
    Files.delete(file);

    assertThat(shell.perform("run")).isEqualTo(1);

    assertThat(shell.err())
        .contains("one: Update 'one' is queued on 'master', but no file in jobs/ defines it.");
  }

  @Test
  void refusesACircle(Database database) {
    Rows.run(
        database,
        "UPDATE undercurrent.background_updates SET depends_on = 'two' WHERE update_name = 'one'");

    assertThat(shell.perform("run")).isEqualTo(1);

    assertThat(shell.err())
        .contains("one: depends on itself: one → two → one.")
        .contains("two: depends on itself: two → one → two.");
  }

  @Test
  void isDoneWhereTheRestIsPaused() {
    shell.perform("pause two");

    assertThat(shell.perform("run")).isZero();

    assertThat(shell.err()).contains("1 update left on master: two: paused by ");
  }
}
