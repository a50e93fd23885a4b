package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.queue.Knobs;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sets of an update while it is queued. */
@PostgresTest
class KnobVerbsTests {

  private Database database;
  private Path jobs;
  private TestShell shell;

  @BeforeEach
  void start(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    this.jobs = jobs;
    Rows.run(
        database,
        "CREATE TABLE halls (id int PRIMARY KEY, title text)",
        "INSERT INTO halls SELECT generate_series(1, 3)");
    Files.writeString(
        jobs.resolve("titles.yaml"),
        """
        updates:
          - name: fill_titles
            read: {table: halls, key: [id]}
            write: UPDATE halls SET title = '' FROM chunk WHERE halls.id = chunk.id
            lanes: 2
          - name: index_titles
            run: CREATE INDEX halls_title ON halls (title)
            allow: [strong-lock]
        """);
    shell = new TestShell(database, jobs);
    shell.perform("start titles");
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void setsAKnobInPlaceOfTheFileAndRecordsIt() {
    assertThat(shell.perform("set fill_titles lanes=4 --reason \"a quiet night\"")).isZero();

    assertThat(shell.out())
        .contains(
            "lanes of fill_titles on master is 4, from the next iteration on. Take it back with: set fill_titles lanes=default");
    shell.perform("get fill_titles");
    assertThat(shell.out())
        .containsPattern("lanes +4, set by \\S+ at [-0-9:A-Z ]+; otherwise 2: a quiet\\s+night");
    shell.perform("history --actions");
    assertThat(shell.out()).containsPattern("set fill_titles +lanes=2 to lanes=4: a quiet night");
  }

  @Test
  void setsSeveralOrNone() {
    assertRefused("set fill_titles target=250ms max=0", "max: expected a number from 1 to");
    assertRefused("set fill_titles target=250ms target=1s", "Expected target once, found it twice");
    assertThat(new Knobs(database.jdbc()).of("fill_titles").all()).isEmpty();

    assertThat(shell.perform("set fill_titles target=0.25s max=20000 sleep=0")).isOne();
    assertThat(shell.perform("set fill_titles target=250ms max=20000 sleep=0")).isZero();

    assertThat(shell.out().lines()).hasSize(3);
    shell.perform("get fill_titles");
    assertThat(shell.out())
        .containsPattern(
            "target +250ms, set by \\S+ at [-0-9:A-Z ]+; otherwise what\\s+the\\s+controller\\s+does")
        .containsPattern("max +20000, set by \\S+ at [-0-9:A-Z ]+; otherwise no limit")
        .containsPattern("sleep +0s, set by");
    shell.perform("history --actions");
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("target=default max=default sleep=default to target=250ms max=20000 sleep=0s");

    shell.perform("set fill_titles max=default target=2000ms");
    assertThat(shell.out())
        .contains("max of fill_titles on master is what the job file says: no limit.");
    assertThat(new Knobs(database.jdbc()).of("fill_titles").all())
        .extracting(setting -> setting.knob() + "=" + setting.value())
        .containsExactlyInAnyOrder("TARGET=2s", "SLEEP=0s");
    shell.perform("show fill_titles");
    assertThat(shell.out()).containsPattern("set +sleep=0s by \\S+, target=2s by \\S+");
  }

  @Test
  void refusesDurationsThatAreNone() {
    for (var bad : new String[] {"250", "0", "0ms", "2m", "-1s", "fast", "", "1500us"}) {
      assertRefused(
          "set fill_titles target=" + bad,
          "target: expected a duration from 1ms to 60s in whole milliseconds, such as 250ms or 2s, or default for what the job file says, found '%s'"
              .formatted(bad));
    }
    assertRefused("set fill_titles sleep=61m", "sleep: expected a duration from 0s to 3600s");
  }

  @Test
  void refusesAPaceForWhatIsDoneAtOnce() {
    for (var knob : new String[] {"target=1s", "max=5", "sleep=1s"}) {
      assertRefused(
          "set index_titles lanes=1 " + knob,
          "Update 'index_titles' has no %s to set: it is done at once, not in chunks"
              .formatted(knob.split("=")[0]));
    }
    assertThat(new Knobs(database.jdbc()).of("index_titles").all()).isEmpty();
  }

  @Test
  void keepsItOverRestartsAndTakesItBack() {
    shell.perform("set fill_titles lanes=4");
    try (var next = new TestShell(database, jobs)) {
      next.perform("get fill_titles");
      assertThat(next.out()).contains("4, set by");

      next.perform("set fill_titles lanes=default");
      assertThat(next.out())
          .contains("lanes of fill_titles on master is what the job file says: 2");
      next.perform("get fill_titles");
      assertThat(next.out()).containsPattern("lanes +2\n");
    }
  }

  @Test
  void forgetsItWithTheRun() {
    shell.perform("set fill_titles lanes=4");
    shell.perform("cancel fill_titles --yes");
    assertThat(new Knobs(database.jdbc()).lanes("fill_titles")).isEmpty();

    shell.perform("start titles");
    shell.perform("set fill_titles lanes=4");
    assertThat(shell.perform("run")).isZero();
    assertThat(new Knobs(database.jdbc()).lanes("fill_titles")).isEmpty();
  }

  @Test
  void forgetsThatOfARowThatWasDeletedBySql() {
    shell.perform("set fill_titles lanes=4");
    Rows.run(database, "DELETE FROM undercurrent.background_updates");

    shell.perform("start titles");

    assertThat(new Knobs(database.jdbc()).lanes("fill_titles")).isEmpty();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertRefused(
        "set fill_titles lane=4",
        "Expected lanes or target or max or sleep, found 'lane', did you mean 'lanes'?");
    assertRefused(
        "set fill_titles lanes",
        "Expected lanes and its value, found 'lanes'. For example: set fill_titles lanes=4");
    for (var bad : new String[] {"0", "33", "-1", "two", "", "4.5"}) {
      assertRefused(
          "set fill_titles lanes=" + bad,
          "lanes: expected a number from 1 to 32, or default for what the job file says, found '%s'"
              .formatted(bad));
    }
    assertRefused(
        "set fill_title lanes=4",
        "Update 'fill_title' is not queued on 'master', did you mean 'fill_titles'?");
    assertThat(new Knobs(database.jdbc()).lanes("fill_titles")).isEmpty();
  }

  @Test
  void refusesLanesForWhatCannotBeCut() {
    assertRefused(
        "set index_titles lanes=4",
        "Update 'index_titles' cannot be worked on in 4 lanes: it is done in one piece");
    assertThat(shell.perform("set index_titles lanes=1")).isZero();
  }

  @Test
  void setsNothingOfWhatNoFileDefines() throws IOException {
    Files.delete(jobs.resolve("titles.yaml"));

    assertRefused(
        "set fill_titles lanes=4",
        "No job file defines update 'fill_titles' any more. Add it back");
    shell.perform("get fill_titles");
    assertThat(shell.out()).contains("unknown: no job file defines it");
  }

  private void assertRefused(String line, String problem) {
    assertThat(shell.perform(line)).as(line).isOne();
    assertThat(shell.err()).as(line).contains(problem);
  }
}
