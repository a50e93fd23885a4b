package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs {@code show}, {@code why} and {@code history} on a database. */
@PostgresTest
class ExplainingVerbsTests {

  private Database database;
  private TestShell shell;

  @BeforeEach
  void open(Database database, @TempDir Path jobs) throws IOException {
    this.database = database;
    Rows.run(
        database,
        "CREATE TABLE halls (id bigint PRIMARY KEY, title text)",
        "INSERT INTO halls SELECT generate_series(1, 3)");
    Files.writeString(
        jobs.resolve("titles.yaml"),
        """
        updates:
          - name: fill_titles
            read: {table: halls, key: [id], where: title IS NULL}
            write:
              - UPDATE halls SET title = 'hall ' || halls.id FROM chunk WHERE halls.id = chunk.id
              - DELETE FROM halls USING chunk WHERE halls.id = chunk.id AND halls.id < 0
          - name: index_titles
            run: CREATE INDEX halls_title ON halls (title)
            lock-timeout: 500ms
            ordering: 7
        """);
    this.shell = new TestShell(database, jobs);
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void showsADefinitionWithItsDefaults() {
    shell.perform("show fill_titles");

    assertThat(shell.out().replaceAll("(?m)^definition .*", "definition  titles.yaml"))
        .isEqualToNormalizingNewlines(
            """
            update      fill_titles on master
            state       not queued
            definition  titles.yaml
            kind        read and write, in chunks
            read        table halls by (id), where title IS NULL
            write       UPDATE halls SET title = 'hall ' || halls.id FROM chunk WHERE
                        halls.id = chunk.id
                        DELETE FROM halls USING chunk WHERE halls.id = chunk.id AND halls.id
                        < 0
            depends on  nothing
            ordering    0
            timeouts    lock 2 s (default), statement 10 s (default)
            last run    none
            """);
    shell.perform("show index_titles");
    assertThat(shell.out())
        .contains("depends on  fill_titles")
        .contains("ordering    7")
        .contains("timeouts    lock 500 ms, statement 5 m (default)");
  }

  @Test
  void showsARunThatFailedAndOneThatEnded() {
    shell.perform("start titles");
    fail("fill_titles");

    assertThat(shell.perform("show fill_titles")).isZero();
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains("state given up")
        .contains("position before the first key")
        .contains("5 failures in a row: deadlock detected (SQLSTATE 40P01)")
        .contains("No process runs the updates. Start one with: run");
    shell.perform("retry fill_titles");
    shell.perform("run");

    shell.perform("show fill_titles");
    assertThat(shell.out())
        .contains("state       not queued")
        .contains("last run    1, COMPLETED, queued 20")
        .contains("items       3 in ")
        .contains("changed     3 rows")
        .contains("restarts    0");
    assertThat(shell.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void tellsScriptsEverythingAboutAnUpdate() {
    shell.perform("start titles");
    fail("fill_titles");

    shell.perform("show fill_titles --json");

    assertThat(json().propertyNames())
        .containsExactly(
            "database",
            "update",
            "state",
            "definition",
            "last_run",
            "position",
            "end",
            "work",
            "chunk",
            "progress",
            "last_error",
            "reasons",
            "lanes",
            "expansion",
            "next_at",
            "lanes_wanted",
            "slices",
            "times_ms");
    assertThat(json().get("definition").get("statements").size()).isEqualTo(2);
    assertThat(json().get("last_error").get("sqlstate").stringValue()).isEqualTo("40P01");
  }

  @Test
  void explainsWhyNothingMovesAndTheWayOut() {
    assertThat(shell.perform("why")).isZero();
    assertThat(shell.out())
        .isEqualToNormalizingNewlines(
            """
            master does not move.
             1.  Nothing is queued on 'master'. Queue a job with: start JOB
            """);
    shell.perform("start titles");

    shell.perform("why index_titles");
    assertThat(shell.out())
        .isEqualToNormalizingNewlines(
            """
            index_titles on master does not move.
             1.  No process runs the updates. Start one with: run
             2.  index_titles: waits for 'fill_titles', which has to leave the queue first
            """);
    shell.perform("why --json");
    assertThat(json().get(0).get("reasons").get(0).get("cause").stringValue())
        .isEqualTo("no-runner");
  }

  @Test
  void explainsADatabaseThatIsDown(@TempDir Path jobs) {
    var down = new DatabaseSettings("archive", "jdbc:postgresql://127.0.0.1:1/x", "u", null);
    try (var both = new TestShell(database, jobs, down)) {
      assertThat(both.perform("why")).isZero();

      assertThat(both.out())
          .contains("master does not move.\n 1.  Nothing is queued on 'master'.")
          .contains("archive does not move.\n 1.  Database 'archive': nothing listens at");
      both.perform("why --database archive --json");
      assertThat(JsonMapper.shared().readTree(both.out()).get(0).get("reasons"))
          .singleElement()
          .satisfies(
              reason -> {
                assertThat(reason.get("cause").stringValue()).isEqualTo("unreachable");
                assertThat(reason.get("reason").stringValue())
                    .endsWith("See which databases answer with: databases");
              });
    }
  }

  @Test
  void suggestsTheUpdateThatWasMeant() {
    for (var verb : List.of("show", "why", "history")) {
      assertThat(shell.perform(verb + " fill_tiltes")).isEqualTo(1);
      assertThat(shell.err())
          .isEqualToNormalizingNewlines(
              "No job file defines update 'fill_tiltes', and it was never queued on 'master', did you mean 'fill_titles'? List the jobs with: jobs\n");
    }
  }

  @Test
  void narrowsTheHistoryDownAndPrintsItsQuery() {
    shell.perform("start titles");
    fail("fill_titles");

    shell.perform("history --failed --since 1h");
    assertThat(shell.out()).contains("fill_titles").doesNotContain("index_titles");
    shell.perform("history --update index_titles --failed");
    assertThat(shell.err()).isEqualToNormalizingNewlines("No such run was found on master.\n");
    assertThat(shell.perform("history fill_titles --update index_titles")).isEqualTo(2);
    assertThat(shell.perform("history --since yesterday")).isEqualTo(2);
    assertThat(shell.err()).contains("expected a duration like 2h or 7d").contains("'yesterday'");

    shell.perform("history --update fill_titles --limit 3 --sql");
    assertThat(shell.out()).contains("undercurrent.batch_job_execution").contains(" LIMIT 3;");
    assertThat(Rows.of(database, shell.out().replace(";", ""))).containsExactly("fill_titles");
  }

  @Test
  void saysWhatTheLimitOfTheHistoryHasCut() {
    shell.perform("start titles");

    shell.perform("history --limit 1");
    assertThat(shell.out()).containsPattern("UPDATE +JOB .*\\R.*_titles +titles ");
    assertThat(shell.err())
        .isEqualToNormalizingNewlines("The newest 1 of 2; --limit 2 shows all.\n");
    shell.perform("history --limit 2");
    assertThat(shell.err()).isEmpty();
    shell.perform("history fill_titles --limit 1");
    assertThat(shell.err()).isEmpty();
    shell.perform("history --limit 1 --json");
    assertThat(shell.err()).isEmpty();

    shell.perform("pause");
    shell.perform("history --actions --limit 1");
    assertThat(shell.err())
        .isEqualToNormalizingNewlines("The newest 1 of 2; --limit 2 shows all.\n");
    shell.perform("history titles --actions --limit 1");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void showsWhatRunsHaveSpentTheirTimeOn() {
    shell.perform("start titles");
    shell.perform("run");
    Rows.run(
        database,
        "DELETE FROM undercurrent.run_times",
        """
        INSERT INTO undercurrent.run_times VALUES
          ('fill_titles', 1, 'working', 732000), ('fill_titles', 1, 'sleeping', 300000),
          ('fill_titles', 1, 'held:replication-lag', 120000), ('fill_titles', 1, 'window', 3600000),
          ('fill_titles', 1, 'paused', 60000), ('fill_titles', 1, 'turn', 9000)""");

    shell.perform("show fill_titles");
    assertThat(shell.out().replaceAll("\\s+", " "))
        .contains(
            "time 1 h 20 m: worked 12 m 12 s (15 %), slept 5 m (6 %), outside its window 1 h (74 %), held by replication-lag 2 m (2 %), paused 1 m (1 %), waited (turn) 9.0 s (0 %)");
    shell.perform("history --time");
    assertThat(shell.out().lines().map(String::length)).allMatch(width -> width <= 80);
    assertThat(shell.out().replaceAll(" +", " "))
        .contains("UPDATE RUN ALL WORKED SLEPT HELD OTHER")
        .contains("fill_titles 1 1 h 20 m 12 m 12 s 5 m 1 h 2 m 1 m 9 s")
        .contains("index_titles 1 - - - - -");
    shell.perform("history fill_titles --time --json");
    assertThat(json().get(0).get("times_ms").get("window").longValue()).isEqualTo(3_600_000);
  }

  @Test
  void refusesOptionsOfTheHistoryThatDoNotGoTogether() {
    for (var options :
        List.of("--sql --json", "--sql --actions", "--failed --actions", "--time --sql")) {
      assertThat(shell.perform("history " + options)).as(options).isEqualTo(2);
      assertThat(shell.out()).isEmpty();
      assertThat(shell.err())
          .isEqualToNormalizingNewlines(
              "expected %s, got both\n".formatted(options.replace(" ", " or ")));
    }
  }

  @Test
  void narrowsTheActionsDown() {
    shell.perform("start titles");
    shell.perform("pause fill_titles --reason backup");
    shell.perform("resume fill_titles");

    shell.perform("history fill_titles --actions --since 1h --limit 1");
    assertThat(shell.out()).contains("resume fill_titles").doesNotContain("pause fill", "start");
    shell.perform("history titles --actions");
    assertThat(shell.out()).contains("start titles").doesNotContain("pause");
    shell.perform("history titles --actions --since 2100-01-01");
    assertThat(shell.err()).isEqualToNormalizingNewlines("No such change was found on master.\n");
  }

  private void fail(String update) {
    database
        .jdbc()
        .sql(
            """
            UPDATE undercurrent.runs
               SET failures_in_row = 5, given_up_at = clock_timestamp(),
                   last_error = 'deadlock detected (SQLSTATE 40P01)',
                   last_error_sqlstate = '40P01', last_error_at = clock_timestamp()
             WHERE update_name = :update""")
        .param("update", update)
        .update();
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(shell.out());
  }
}
