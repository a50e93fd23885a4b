package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.iteration.Beans;
import io.undercurrent.state.HoldSentences;
import io.undercurrent.testing.JobEngine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.Windows;
import io.undercurrent.window.TimeWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators see of an update that waits for its time window. */
@PostgresTest
class WindowsShownTests {

  private static final String NEXT = " \\d{4}-\\d\\d-\\d\\d \\d\\d:00:00 UTC";

  private Database database;
  private Path jobs;

  @BeforeEach
  void write(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    this.jobs = jobs;
    Rows.run(database, "CREATE TABLE halls (id int PRIMARY KEY)", "INSERT INTO halls VALUES (1)");
    write(Windows.closedText());
  }

  private void write(String window) throws IOException {
    Files.writeString(
        jobs.resolve("tidy.yaml"),
        """
        updates:
          - name: tidy_halls
            delete: {table: halls, where: id > 0}
            windows: ["%s"]
        """
            .formatted(window));
  }

  @Test
  void nameTheWindowAndWhenItOpens() throws IOException {
    var sentence = "runs only within %s; that is next at".formatted(Windows.closedText());
    try (var shell = new TestShell(database, jobs)) {
      shell.perform("start tidy");
      assertThat(shell.err()).contains("tidy_halls: " + sentence).doesNotContain("No process runs");

      assertThat(shell.perform("run")).isZero();
      assertThat(shell.err()).contains("1 update left on master: tidy_halls: " + sentence);

      shell.perform("queue");
      assertThat(shell.out()).containsPattern("tidy_halls +held");
      assertThat(shell.err()).containsPattern(sentence + NEXT);
      shell.perform("why tidy_halls");
      assertThat(words(shell)).containsPattern(sentence + NEXT);
      shell.perform("show tidy_halls");
      assertThat(words(shell)).contains("windows " + Windows.closedText()).contains("state held");
      shell.perform("status");
      assertThat(words(shell)).contains(sentence);
      shell.perform("queue --json");
      assertThat(words(shell))
          .contains("\"state\" : \"held\"")
          .contains("\"cause\" : \"window\"")
          .contains(sentence);
      shell.perform("show tidy_halls --json");
      assertThat(words(shell)).contains("\"windows\" : [ \"" + Windows.closedText() + "\" ]");

      write("00:00-24:00 UTC");
      assertThat(shell.perform("run")).isZero();
    }
    assertThat(Rows.of(database, "SELECT id FROM halls")).isEmpty();
  }

  private static String words(TestShell shell) {
    return shell.out().replaceAll("\\s+", " ");
  }

  @Test
  void holdsAllUpdatesOfADatabase() throws Exception {
    write("00:00-24:00 UTC");
    try (var engine = engine(Windows.closed())) {
      engine.updates.start("master", "tidy");

      assertThat(reason(engine))
          .startsWith(
              "runs only within 00:00-24:00 UTC, and within %s (undercurrent.health.windows); that is next at 20"
                  .formatted(Windows.closedText()));
      // what run says that has not begun yet
      assertThat(engine.updates.status("master").aboutToRun().reason())
          .startsWith("tidy_halls: runs only within");
    }
  }

  @Test
  void warnsOfWindowsThatNeverMeet() throws Exception {
    write("22:00-06:00 UTC");
    try (var engine = engine(TimeWindows.parse(List.of("06:00-22:00 UTC")))) {
      assertThat(engine.updates.check("master", "tidy").warnings())
          .singleElement()
          .asString()
          .endsWith(
              "tidy.yaml:2: update 'tidy_halls': its windows (22:00-06:00 UTC) and those of undercurrent.health.windows (06:00-22:00 UTC) are never open at the same time, so it would never run. Change one of them");

      engine.updates.start("master", "tidy");
      assertThat(reason(engine))
          .endsWith("these do not meet within the next days. Change one of them");
    }
    try (var engine = engine(TimeWindows.parse(List.of("05:59-22:00 UTC")))) {
      assertThat(engine.updates.check("master", "tidy").warnings()).isEmpty();
    }
  }

  private static String reason(JobEngine engine) {
    var held = engine.updates.status("master").updates().get(0).holds();
    assertThat(held).hasSize(1);
    return HoldSentences.UTC.of("master", held.get(0));
  }

  private JobEngine engine(TimeWindows windows) {
    var context = new RunnerContext(new ScriptedController().controller(), Beans.NONE);
    return new JobEngine(
        JobEngine.jobs(jobs), context.within(name -> windows), database.settings());
  }
}
