package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.database.Database;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.PgBouncer;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.TestDatabases;
import io.undercurrent.testing.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@PostgresTest
class ApplicationProcessTests {

  private static final String COUNTED =
      "SELECT count(*) FROM halls WHERE n > 0 HAVING count(*) > %d";

  @TempDir private Path home;

  @Test
  void leavesDataExitCodeAndNothingElse(Database database) throws Exception {
    var status = start(database, "status", "--json");

    assertThat(exitCode(status)).isZero();
    assertThat(err()).isEmpty();
    assertThat(JsonMapper.shared().readTree(out()).get(0).get("database").stringValue())
        .isEqualTo("master");
  }

  @Test
  void isMisusedByAMistypedVerb(Database database) throws Exception {
    assertThat(exitCode(start(database, "stauts"))).isEqualTo(2);
    assertThat(out()).isEmpty();
    assertThat(err())
        .isEqualToNormalizingNewlines(
            "Unknown verb 'stauts', did you mean 'status'? All verbs: help\n");
  }

  @Test
  void isRefusedWhatCannotBeDone(Database database) throws Exception {
    assertThat(exitCode(start(database, "start", "nothing"))).isEqualTo(1);
    assertThat(out()).isEmpty();
    // on a slow machine it says before that what it is doing
    assertThat(err().lines().toList())
        .last()
        .isEqualTo("Unknown job 'nothing'. List the jobs with: jobs");
  }

  @Test
  @EnabledIf(
      value = "io.undercurrent.testing.PgBouncer#isInstalled",
      disabledReason = "pgbouncer is not installed")
  void isRefusedThroughAPoolerThatSharesSessions(TestDatabases databases) throws Exception {
    var server = databases.createEmpty();
    try (var pooler = PgBouncer.start(server, "transaction")) {
      assertThat(exitCode(start(pooler.database(), "run"))).isEqualTo(1);
      assertThat(out() + err()).contains("found a pooler at 127.0.0.1:");
    }
    assertThat(server.isPrepared()).isFalse();
  }

  @Test
  void saysWhyItDidNotStartInOneLine(Database database) throws Exception {
    var status = start(database, "status", "--undercurrent.jbos-directory=x");

    assertThat(exitCode(status)).isEqualTo(1);
    assertThat(out()).isEmpty();
    assertThat(err())
        .isEqualToNormalizingNewlines(
            "undercurrent.jbos-directory: unknown property, did you mean"
                + " 'undercurrent.jobs-directory'? (from the command line)\n");
  }

  @Test
  void stopsAtAnIterationBoundaryWhenItIsTerminated(Database database) throws Exception {
    database
        .jdbc()
        .sql("CREATE TABLE halls AS SELECT id, 0 AS n FROM generate_series(1, 100000) AS id")
        .update();
    database.jdbc().sql("ALTER TABLE halls ADD PRIMARY KEY (id)").update();
    Files.writeString(
        home.resolve("count.yaml"),
        """
        updates:
          - name: count
            read: {table: halls, key: [id]}
            write: UPDATE halls SET n = n + 1 FROM chunk WHERE halls.id = chunk.id
        """);
    new UpdateQueue(database).add("count", List.of(new NewUpdate("count", null, 0)));

    var run = start(database, "run");
    Rows.await(database, COUNTED.formatted(0));
    run.destroy();

    assertThat(exitCode(run)).isEqualTo(143);
    assertThat(err()).contains("Stopping at the next iteration boundary");
    assertThat(lastExecution(database)).isEqualTo("STOPPED");

    var counted = countedRows(database);
    var again = start(database, "run");
    Rows.await(database, COUNTED.formatted(counted));
    interrupt(again);

    assertThat(exitCode(again)).isEqualTo(130);
    assertThat(lastExecution(database)).isEqualTo("STOPPED");

    var watch = start(database, "watch");
    await().until(() -> out().contains("count"));
    interrupt(watch);

    assertThat(exitCode(watch)).isEqualTo(130);
    assertThat(out())
        .containsPattern("(?m)^[-0-9]+ [0-9:]+ JST  master  waiting  count  .* items  ");
    assertThat(err()).isEmpty();
  }

  @Test
  void keepsTimesInUtcAndShowsThemOnTheOperatorsClock(Database database) throws Exception {
    Files.writeString(home.resolve("once.yaml"), "updates: [{name: once, run: SELECT 1}]\n");
    new UpdateQueue(database).add("once", List.of(new NewUpdate("once", null, 0)));

    assertThat(exitCode(start(database, "run"))).isZero();
    assertThat(exitCode(start(database, "history"))).isZero();

    assertThat(
            Rows.of(
                database,
                """
                SELECT ended_at - end_time AT TIME ZONE 'UTC' BETWEEN '0 s' AND '1 min'
                  FROM undercurrent.runs, undercurrent.batch_job_execution"""))
        .containsExactly("t");
    assertThat(out())
        .contains(
            Rows.of(
                database,
                """
                SELECT to_char(started_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD HH24:MI')
                  FROM undercurrent.update_history"""));
  }

  private static void interrupt(Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor()).isZero();
  }

  private Process start(Database database, String... words) throws IOException {
    var command =
        JavaCommand.undercurrent(
            home,
            database,
            List.of(
                // as the jar has it in its manifest
                "--enable-native-access=ALL-UNNAMED",
                // a locale with other digits than ours, and a zone with other times
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Duser.timezone=Asia/Tokyo"),
            words);
    return new ProcessBuilder(JavaCommand.interruptible(command))
        .redirectOutput(home.resolve("out").toFile())
        .redirectError(home.resolve("err").toFile())
        .start();
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private String out() throws IOException {
    return Files.readString(home.resolve("out"));
  }

  private String err() throws IOException {
    return Files.readString(home.resolve("err"));
  }

  private static long countedRows(Database database) {
    return database.jdbc().sql("SELECT count(*) FROM halls WHERE n > 0").query(Long.class).single();
  }

  private static String lastExecution(Database database) {
    return database
        .jdbc()
        .sql(
            """
            SELECT status
              FROM undercurrent.batch_job_execution
             ORDER BY job_execution_id DESC
             LIMIT 1""")
        .query(String.class)
        .single();
  }
}
