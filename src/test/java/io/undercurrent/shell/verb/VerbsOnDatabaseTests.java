package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@PostgresTest
class VerbsOnDatabaseTests {

  private Database database;
  private Path jobs;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    this.jobs = jobs;
    database.jdbc().sql("CREATE TABLE halls (id bigint PRIMARY KEY, title text)").update();
    database.jdbc().sql("INSERT INTO halls SELECT generate_series(1, 3)").update();
    Files.writeString(
        jobs.resolve("titles.yaml"),
        """
        description: Fill the titles.
        updates:
          - name: fill_titles
            read: {table: halls, key: [id]}
            write: UPDATE halls SET title = 'hall ' || halls.id FROM chunk WHERE halls.id = chunk.id
          - name: index_titles
            run: CREATE INDEX halls_title ON halls (title)
            allow: [strong-lock]
        """);
    this.shell = new TestShell(database, jobs);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void worksTheQueueOff() {
    shell.perform("start titles");

    assertThat(shell.perform("run")).isZero();

    assertThat(shell.err())
        .contains("fill_titles: completed, 3 items, 3 rows changed in ")
        .contains("index_titles: completed in ")
        .contains("The queue of master is empty.");
    assertThat(database.jdbc().sql("SELECT title FROM halls").query(String.class).list())
        .containsExactlyInAnyOrder("hall 1", "hall 2", "hall 3");
  }

  @Test
  void goesOnWithTheQueueOfAnOlderVersion() {
    shell.perform("start titles");
    Rows.run(
        database,
        "DROP VIEW undercurrent.live_lease CASCADE",
        "DELETE FROM undercurrent.databasechangelog WHERE id = 'view-live-lease'");

    try (var upgraded = new Database(database.settings());
        var newer = new TestShell(upgraded, jobs)) {
      assertThat(newer.perform("queue")).isOne();
      assertThat(newer.err())
          .contains(
              "Database 'master': the schema undercurrent is another version's. Bring it up to date with: run, serve, or the console");
      newer.perform("status");
      assertThat(newer.out()).contains("another version's");

      assertThat(newer.perform("run")).isZero();
      assertThat(newer.err()).contains("fill_titles: completed, 3 items, 3 rows changed in ");
    }
  }

  @Test
  void saysTimesWithTheirZoneWhereverItShowsThem() {
    shell.perform("start titles");
    shell.perform("run");
    shell.perform("pause --for 2h");
    shell.perform("start titles");
    shell.perform("run");
    assertThat(shell.err()).containsPattern("left on master: .* since 20[-\\d]+ [:\\d]+ UTC");

    for (var verb :
        List.of(
            "status",
            "why",
            "queue",
            "history fill_titles",
            "history --actions",
            "show fill_titles",
            "watch --for 1ms")) {
      shell.perform(verb);
      assertThat(shell.out()).as(verb).contains("UTC").doesNotContainPattern("\\dT\\d\\d:");
    }
  }

  @Test
  void saysWhatEndedLastWhereNothingRuns() {
    shell.perform("watch --for 1ms");
    assertThat(shell.out()).doesNotContain("last:");
    shell.perform("start titles");
    shell.perform("run");

    shell.perform("watch --until-idle");

    assertThat(shell.out())
        .containsPattern("nothing is queued  last: index_titles completed at 20.* UTC in \\d");
  }

  @Test
  void saysThatARunHasChangedNothing() throws IOException {
    Files.writeString(
        jobs.resolve("nothing.yaml"),
        """
        updates:
          - name: fill_nothing
            read: {table: halls, key: [id], where: id > 1}
            write: UPDATE halls SET title = 'x' FROM chunk WHERE halls.id = -chunk.id
        """);
    shell.perform("start nothing");

    assertThat(shell.perform("run")).isZero();

    assertThat(shell.err())
        .contains("fill_nothing: completed, 2 matching of 3 keys walked, 0 rows changed in ")
        .contains("\nWarning: 0 rows were changed for 2 items.");
    shell.perform("history");
    assertThat(shell.out())
        .containsPattern("fill_nothing +nothing +1  COMPLETED  2 of 3 +0 ")
        .contains("update   fill_nothing, run 1\nwarning  0 rows were changed for 2 items.");
    for (var verb : List.of("history", "show")) {
      shell.perform(verb + " fill_nothing");
      assertThat(shell.out())
          .containsPattern("items +2 matching of 3 keys walked")
          .containsPattern("changed +0 rows\\R")
          .containsPattern("warning +0 rows were changed");
    }
    shell.perform("history fill_nothing --json");
    assertThat(json().get(0).get("changed").intValue()).isZero();
    assertThat(json().get(0).get("matching").intValue()).isEqualTo(2);
    shell.perform("why fill_nothing");
    assertThat(shell.out()).contains("completed with a");
  }

  @Test
  void worksOffTheOtherQueuesWhereADatabaseIsDown() {
    var down = new DatabaseSettings("archive", "jdbc:postgresql://127.0.0.1:1/x", "u", null);
    try (var both = new TestShell(database, jobs, down)) {
      both.perform("start titles");

      assertThat(both.perform("run")).isEqualTo(1);

      assertThat(both.err())
          .startsWith("Database 'archive': nothing listens at 127.0.0.1:1/x")
          .contains("The queue of master is empty.")
          .endsWith("Not run: archive. See why with: databases\n");
      assertThat(both.perform("run --database archive")).isEqualTo(1);
      assertThat(both.err().lines()).hasSize(1);
    }
  }

  @Test
  void saysThatNoPauseCutsAnIndexBuild() throws Exception {
    Files.writeString(
        jobs.resolve("index.yaml"),
        """
        updates:
          - name: halls_title
            create-index: {table: halls, name: halls_title, columns: [title]}
        """);
    try (var report = OldSnapshot.hold(database)) {
      shell.startRunner();
      shell.perform("start index");
      report.awaitBuild();

      assertThat(shell.perform("status")).isZero();
      assertThat(shell.out()).contains("old snapshots");
      assertThat(shell.perform("pause")).isZero();
      assertThat(shell.out())
          .contains(
              "halls_title first completes the index that it builds, which a pause does not cut.");
      assertThat(shell.perform("cancel halls_title")).isEqualTo(1);
      assertThat(shell.err()).contains("cancel halls_title --now").doesNotContain("--yes");
      assertThat(shell.perform("cancel halls_title --now --yes")).isZero();
      assertThat(shell.out()).contains("nothing of it is left");
    }
  }

  @Test
  void queuesAJobAndSaysWhoWouldRunIt() {
    assertThat(shell.perform("start titles")).isZero();

    assertThat(shell.out())
        .isEqualToNormalizingNewlines("Queued on master: fill_titles, index_titles\n");
    assertThat(shell.err())
        .isEqualToNormalizingNewlines("No process runs the updates now. Start one with: run\n");
    assertThat(shell.perform("queue")).isZero();
    assertThat(shell.out()).contains("index_titles  after the one above");
  }

  @Test
  void startsAJobWithProblemsOnlyForAReason() throws Exception {
    Rows.run(database, "ALTER TABLE halls RENAME title TO name");

    assertThat(shell.perform("start titles")).isEqualTo(1);
    assertThat(shell.out()).isEmpty();
    assertThat(shell.err().lines())
        .hasSize(2)
        .anyMatch(line -> line.contains("titles.yaml:5: update 'fill_titles': column \"title\""));
    assertThat(shell.perform("start titles --unchecked ' '")).isEqualTo(2);

    assertThat(shell.perform("start titles --unchecked 'renamed for now'")).isZero();
    assertThat(shell.out()).startsWith("Queued on master: fill_titles, index_titles");
    shell.perform("history --actions");
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("start titles queued fill_titles, index_titles, unchecked: renamed for now");
  }

  @Test
  void warnsOfWhatAnotherTableHasNoIndexFor() throws Exception {
    Rows.run(database, "CREATE TABLE seats (hall bigint REFERENCES halls ON DELETE CASCADE)");
    Files.writeString(
        jobs.resolve("purge.yaml"),
        """
        updates:
          - name: purge
            read: {table: halls, key: [id]}
            write: DELETE FROM halls USING chunk WHERE halls.id = chunk.id
        """);

    assertThat(shell.perform("check purge")).isZero();
    assertThat(shell.out()).startsWith("Warning: ").contains("seats_hall_fkey");
    assertThat(shell.err()).contains("No problems in 1 job.");
    assertThat(shell.perform("check purge --json")).isZero();
    assertThat(shell.out()).contains("\"problems\" : [ ]", "\"warnings\" : [ \"");
    assertThat(shell.perform("start purge")).isZero();
    assertThat(shell.out().lines()).containsExactly("Queued on master: purge");
    assertThat(shell.err()).startsWith("Warning: ");
  }

  @Test
  void refusesInOneLine() {
    assertThat(shell.perform("start tiltes")).isEqualTo(1);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err())
        .isEqualToNormalizingNewlines(
            "Unknown job 'tiltes', did you mean 'titles'? List the jobs with: jobs\n");
    assertThat(shell.perform("retry fill_titles --database nowhere")).isEqualTo(1);
    assertThat(shell.err()).contains("'nowhere'");
  }

  @Test
  void saysWhyHistoryHasNoAnswer() throws IOException {
    var url = "jdbc:postgresql://127.0.0.1:%d/synapse".formatted(closedPort());
    try (var both =
        new TestShell(database, jobs, new DatabaseSettings("away", url, "postgres", null))) {
      assertThat(both.perform("history --database away")).isEqualTo(1);
      assertThat(both.out()).isEmpty();
      assertThat(both.err()).startsWith("Database 'away': nothing listens at 127.0.0.1:");
      assertThat(both.perform("history --database away --json")).isEqualTo(1);
      assertThat(both.out()).isEmpty();
    }
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void exitsWithAnErrorIfAnUpdateWasGivenUp() {
    shell.perform("start titles");
    database
        .jdbc()
        .sql(
            """
            UPDATE undercurrent.runs
               SET given_up_at = clock_timestamp(),
                   failures_in_row = 5,
                   last_error = 'ERROR: deadlock detected'
             WHERE update_name = 'fill_titles'""")
        .update();

    assertThat(shell.perform("run")).isEqualTo(1);

    assertThat(shell.err())
        .endsWith(
            """
            2 updates left on master.
            fill_titles: given up after 5 failures in a row: ERROR: deadlock detected. Once the cause is fixed: retry fill_titles
            index_titles: waits for 'fill_titles', which has to leave the queue first
            """);
    assertThat(shell.perform("queue")).isZero();
    assertThat(shell.out())
        .contains("fill_titles   given up")
        .contains("error   ERROR: deadlock detected")
        .contains("retry fill_titles");
  }

  @Test
  void cancelsOnlyWhatWasConfirmed() {
    shell.perform("start titles");

    assertThat(shell.perform("cancel fill_titles")).isEqualTo(1);
    assertThat(shell.err())
        .contains("takes fill_titles and what depends on it, index_titles, out of the queue")
        .contains("--yes");

    assertThat(shell.perform("cancel fill_titels")).isEqualTo(1);
    assertThat(shell.err()).contains("did you mean 'fill_titles'?").doesNotContain("--yes");

    assertThat(shell.perform("cancel fill_titles --yes")).isZero();
    assertThat(shell.out())
        .isEqualToNormalizingNewlines(
            "Cancelled on master: fill_titles, index_titles. What was committed stays.\n");
    assertThat(shell.perform("queue --json")).isZero();
    assertThat(json()).isEmpty();
  }

  @Test
  void tellsWhatBecameOfACancelledIndex() throws IOException {
    Files.writeString(
        jobs.resolve("index.yaml"),
        """
        updates:
          - name: halls_title
            create-index: {table: halls, name: halls_title, columns: [title]}
        """);
    database.jdbc().sql("CREATE INDEX halls_title ON halls (title)").update();
    database
        .jdbc()
        .sql(
            """
            UPDATE pg_index SET indisvalid = false
             WHERE indexrelid = CAST('halls_title' AS regclass)""")
        .update();
    shell.perform("start index");

    assertThat(shell.perform("cancel halls_title --now --yes")).isZero();

    assertThat(shell.out())
        .isEqualToNormalizingNewlines(
            "Cancelled on master: halls_title. What was committed stays. Index 'halls_title', which an earlier build had left INVALID, has been dropped.\n");
  }

  @Test
  void showsHowAnIndexIsToBe() throws IOException {
    Files.writeString(
        jobs.resolve("index.yaml"),
        """
        updates:
          - name: halls_title
            create-index:
              table: halls
              name: halls_title
              columns: [{column: title, collation: C, order: desc, nulls: last}, id]
              with: {fillfactor: 70}
        """);
    shell.perform("start index");

    assertThat(shell.perform("show halls_title")).isZero();
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("halls_title on halls (title collate C desc nulls last, id), with fillfactor=70");
  }

  @Test
  void pausesAndResumes() {
    shell.perform("start titles");

    assertThat(shell.perform("pause fill_titles --for 2h --reason \"nightly backup\"")).isZero();
    assertThat(shell.out()).startsWith("Paused fill_titles on master until 20");
    shell.perform("status");
    assertThat(shell.out())
        .containsPattern("paused +fill_titles by [^:]+ since .*\\n? +.*: nightly backup");
    shell.perform("queue");
    assertThat(shell.out()).contains("fill_titles   paused");

    assertThat(shell.perform("resume fill_titles")).isZero();
    assertThat(shell.out())
        .isEqualToNormalizingNewlines(
            "Resumed fill_titles on master. No process runs the updates now. Start one with: run\n");
    assertThat(shell.perform("resume fill_titles")).isZero();
    assertThat(shell.out())
        .isEqualToNormalizingNewlines("No pause of fill_titles was found on master.\n");

    assertThat(shell.perform("resume fill_titels")).isEqualTo(1);
    assertThat(shell.err()).contains("did you mean 'fill_titles'?");
  }

  @Test
  void admitsThatARunnerHasNotReachedItsBoundary() {
    shell.perform("start titles");
    pretendThatARunnerIsInAnIteration();
    try (var impatient = new TestShell(Duration.ofMillis(200), database, jobs)) {
      assertThat(impatient.perform("pause")).isEqualTo(1);
      assertThat(impatient.out()).isEmpty();
      assertThat(impatient.err())
          .startsWith("Recorded, but fill_titles on master has not stopped within ")
          .contains("pid 1 on db-host is still in an iteration");
    }

    assertThat(shell.perform("resume")).isZero();
    assertThat(shell.out())
        .matches("Resumed all updates on master\\. fill_titles runs, \\d+ ms later\\.\\R");
  }

  private void pretendThatARunnerIsInAnIteration() {
    Stream.of(
            """
            UPDATE undercurrent.lease
               SET owner = 'pid 1 on db-host', owner_id = 'stranger', current_update = 'fill_titles',
                   acquired_at = clock_timestamp(), renewed_at = clock_timestamp(),
                   expires_at = clock_timestamp() + interval '1 hour'""",
            """
            INSERT INTO undercurrent.batch_job_instance (job_instance_id, version, job_name, job_key)
            VALUES (1, 0, 'fill_titles', 'x')""",
            """
            INSERT INTO undercurrent.batch_job_execution
                   (job_execution_id, version, job_instance_id, create_time, status)
            VALUES (1, 0, 1, now(), 'STARTED')""",
            """
            INSERT INTO undercurrent.batch_job_execution_params
                   (job_execution_id, parameter_name, parameter_type, parameter_value, identifying)
            VALUES (1, 'run', 'java.lang.Long', '1', 'Y')""")
        .forEach(sql -> database.jdbc().sql(sql).update());
  }

  @Test
  void tellsScriptsWhatRan() {
    shell.perform("start titles");
    shell.perform("run");

    assertThat(shell.perform("history fill_titles --json")).isZero();

    var run = json().get(0);
    assertThat(run.propertyNames())
        .containsExactly(
            "update",
            "job",
            "run",
            "status",
            "queued_at",
            "started_at",
            "ended_at",
            "restarts",
            "read",
            "filtered",
            "written",
            "commits",
            "rollbacks",
            "duration_ms",
            "exit_code",
            "last_error",
            "walked",
            "matching",
            "changed",
            "warning",
            "quarantined",
            "times_ms");
    assertThat(run.get("status").stringValue()).isEqualTo("COMPLETED");
    assertThat(run.get("written").intValue()).isEqualTo(3);
  }

  @Test
  void tellsScriptsTheStatus() {
    shell.perform("start titles");

    assertThat(shell.perform("status --json")).isZero();

    var status = json().get(0);
    assertThat(status.propertyNames())
        .containsExactly(
            "database",
            "problem",
            "enabled",
            "runner",
            "current",
            "queued",
            "reason",
            "pauses",
            "cause",
            "workers");
    assertThat(status.get("queued").intValue()).isEqualTo(2);
  }

  @Test
  void checksJobs() throws IOException {
    assertThat(shell.perform("check titles")).isZero();
    assertThat(shell.err()).isEqualToNormalizingNewlines("No problems in 1 job.\n");

    Files.writeString(
        jobs.resolve("bad.yaml"),
        """
        updates:
          - name: bad
            run: UPDATE nowhere SET n = 1
        """);
    assertThat(shell.perform("check bad")).isEqualTo(1);
    assertThat(shell.out()).contains("bad.yaml:3").contains("nowhere");
    assertThat(shell.err()).isEqualToNormalizingNewlines("Found 1 problem.\n");
  }

  @Test
  void listsJobsAndDatabases() {
    shell.perform("jobs");
    assertThat(shell.out()).containsPattern("titles +2  Fill the titles\\.");

    shell.perform("databases --json");
    assertThat(json().get(0).get("database").stringValue()).isEqualTo("master");
    assertThat(json().get(0).get("up").booleanValue()).isTrue();
  }

  @Test
  void namesTheJobsThatCannotBeListed() throws IOException {
    Files.writeString(jobs.resolve("bad.yaml"), "updates: []");

    shell.perform("jobs");

    assertThat(shell.out()).doesNotContain("bad");
    assertThat(shell.err())
        .startsWith("Cannot be started: bad, ")
        .contains("See what is wrong with: check");
  }

  @Test
  void asksBeforeItMakesASampleInAConfiguredDatabase() {
    assertThat(shell.perform("sample --rooms 5")).isEqualTo(1);
    assertThat(shell.err()).contains("in master").contains("--yes");

    assertThat(shell.perform("sample --rooms 5 --yes")).isZero();
    assertThat(shell.out()).startsWith("Made a homeserver of 5 rooms, ");
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(shell.out());
  }
}
