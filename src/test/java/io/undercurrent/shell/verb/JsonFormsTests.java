package io.undercurrent.shell.verb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.Estimate;
import io.undercurrent.kind.Estimate.Range;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.kind.TriedChunk.Cost;
import io.undercurrent.shell.language.Help;
import io.undercurrent.shell.language.Verb;
import io.undercurrent.shell.screen.JsonOutput;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.view.Statuses;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What scripts rely on: a change of a file in json/ is a change for all of them. */
@PostgresTest
class JsonFormsTests {

  @Test
  void stayAsTheyAre(Database database, @TempDir Path jobs) throws IOException {
    // Statistics that come by themselves now and then would make a forecast.
    database
        .jdbc()
        .sql("CREATE TABLE halls (id int PRIMARY KEY, n int) WITH (autovacuum_enabled = false)")
        .update();
    database.jdbc().sql("INSERT INTO halls SELECT generate_series(1, 250)").update();
    Files.writeString(
        jobs.resolve("numbers.yaml"),
        """
        description: Fill the numbers.
        updates:
          - name: fill_numbers
            read: {table: halls, key: [id]}
            write: UPDATE halls SET n = 1 / (150 - halls.id) FROM chunk WHERE halls.id = chunk.id
          - name: index_numbers
            run: CREATE INDEX halls_n ON halls (n)
            allow: [strong-lock]
        """);
    try (var shell = TestShell.backingOff(database, jobs)) {
      assertForm(shell, "jobs", "jobs");
      assertForm(shell, "check numbers", "check");

      shell.perform("start numbers");
      shell.startRunner();
      Rows.await(database, "SELECT 1 FROM undercurrent.runs WHERE failures_in_row > 0");
      shell.perform("pause --reason \"nightly backup\" --for 2h");
      // However slow the machine: it still backs off.
      database
          .jdbc()
          .sql(
              "UPDATE undercurrent.runs SET retry_at = now() + interval '1 hour' WHERE failures_in_row > 0")
          .update();

      assertForm(shell, "status", "status");
      assertForm(shell, "watch --for 1ms", "watch");
      assertForm(shell, "queue", "queue");
      assertForm(shell, "show fill_numbers", "show");
      assertForm(shell, "why", "why");
      assertForm(shell, "history", "history");
      assertForm(shell, "history --actions", "actions");
      assertForm(shell, "databases", "databases");
      shell.perform("set fill_numbers lanes=4 --reason \"a quiet night\"");
      assertForm(shell, "get fill_numbers", "get");
      assertForm(shell, "token create deploy", "token-create");
      assertForm(shell, "token list", "token");
      Rows.run(
          database,
          "INSERT INTO undercurrent.quarantine VALUES ('fill_numbers', 1, '[\"7\"]', '22012', 'division by zero')");
      assertForm(shell, "quarantine", "quarantine");
      Rows.run(
          database,
          "INSERT INTO undercurrent.runs (update_name, run, job_name, ended_at, outcome) VALUES ('fill_numbers', 7, 'numbers', now(), 'COMPLETED')",
          """
          INSERT INTO undercurrent.samples
            (update_name, run, at, ms, items, changed, iterations, iteration_ms, target_ms,
             chunk_size, times)
          VALUES ('fill_numbers', 7, '2026-11-29 12:00Z', 60000, 6000, 6000, 20, 2400, 100, 300,
                  '{"working": 50000, "held:slots": 10000}')""");
      assertForm(shell, "chart fill_numbers --run 7", "chart");
      assertForm(shell, "version", "version");
    }
  }

  @Test
  void stayAsTheyAreWhereSomethingIsWrong(Database database, @TempDir Path jobs)
      throws IOException {
    Rows.run(
        database,
        "INSERT INTO undercurrent.pauses (update_name, author) VALUES ('gone', 'ann')",
        "UPDATE undercurrent.lease SET enabled = false");
    try (var shell = new TestShell(database, jobs)) {
      assertForm(shell, "doctor", "doctor");
      assertForm(shell, "doctor --fix stale-pause", "doctor-fix");
      assertForm(shell, "history purge --before 2020-01-01 --dry-run", "purge");
    }
  }

  @Test
  void haveAnIndexBuildInTheirStatus() throws IOException {
    var recorded = new RecordedScreen();
    var building = Statuses.buildingAnIndex(Statuses.waitingForAReport());

    JsonOutput.print(recorded.screen(), List.of(StatusVerb.json(building)));

    assertThat(masked(pretty(recorded.out()))).isEqualTo(golden("status-index-build"));
  }

  @Test
  void haveWhatADryRunHasShown() throws IOException {
    var recorded = new RecordedScreen();
    var took = Duration.ofMillis(97);
    var chunk = new TriedChunk(List.of("100"), 200, 200, 150, 150L, took, took, null, null);
    var dryRun =
        new DryRun(
            List.of(chunk.with(new Cost(200, 1150, 42_000)), chunk),
            Estimate.of(List.of(chunk), Range.exactly(20_000)),
            List.of("Triggers fire."));

    new DryRunView(recorded.screen())
        .json(
            "master",
            "numbers",
            List.of(),
            Map.of(Engine.counting("fill_numbers", "halls"), dryRun));

    assertThat(masked(pretty(recorded.out()))).isEqualTo(golden("dry-run"));
  }

  @Test
  void areRecordedForEveryVerbThatHasSome() {
    assertThat(AllVerbs.described().stream())
        .filteredOn(
            verb -> verb.options().stream().anyMatch(option -> option.name().equals("json")))
        .extracting(Verb::getName)
        .allSatisfy(verb -> assertThat(golden(verb)).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jobs",
        "check",
        "dry-run",
        "status",
        "queue",
        "show",
        "why",
        "history",
        "actions",
        "get",
        "chart",
        "quarantine",
        "databases",
        "token",
        "token-create",
        "version",
        "doctor",
        "doctor-fix",
        "health",
        "purge",
        "status-index-build"
      })
  void areDescribedByHelp(String file) throws IOException {
    var recorded = new RecordedScreen();
    new Help(AllVerbs.described()).about("json", recorded.screen());

    assertThat(recorded.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(recorded.out().split("\\W+")).contains(fields(golden(file)));
  }

  private static String[] fields(String json) {
    return Pattern.compile("\"(\\w+)\" :")
        .matcher(json)
        .results()
        .map(field -> field.group(1))
        .toArray(String[]::new);
  }

  private static void assertForm(TestShell shell, String line, String file) throws IOException {
    shell.perform(line + " --json");

    var written = masked(pretty(shell.out()));
    if (!file.equals("chart")) {
      // What a run that is under way has spent its time on.
      written = written.replaceAll("(\"times_ms\" : )(null|\\{[^}]*})", "$1{ }");
    }
    assertThat(written).as(line).isEqualTo(golden(file));
  }

  private static String golden(String file) throws IOException {
    try (var stream = JsonFormsTests.class.getResourceAsStream("/json/" + file + ".json")) {
      return new String(stream.readAllBytes(), UTF_8).strip();
    }
  }

  private static String pretty(String json) {
    return JsonMapper.shared().readTree(json).toPrettyString().replace("\r\n", "\n");
  }

  /** The same whenever and wherever it was written. */
  private static String masked(String json) {
    return json.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "2026-11-21T08:00:00Z")
        .replaceAll("\"pid \\d+ on [^\"]*\"", "\"pid 4711 on db-host\"")
        .replaceAll("jdbc:postgresql:[^\"]*", "jdbc:postgresql://db-host/app")
        .replaceAll("(\"(author|operator|set_by|address)\" : )\"[^\"]*\"", "$1\"ann\"")
        .replaceAll("\"[^\"]*/(\\w+\\.yaml)", "\"jobs/$1")
        .replaceAll(
            "(\"(percent|time_left)(_with_holds)?(_at_most)?(_ms)?\" : )(null|[\\d.]+)", "$142")
        .replaceAll("(\"token\" : )\"[^\"]*\"", "$1\"secret\"")
        .replaceAll("(\"(version|java|postgresql_driver)\" : )\"[^\"]*\"", "$1\"1.2.3\"")
        .replaceAll("paused by \\S+ since", "paused by ann since")
        .replaceAll("paused by (\\S+) for \\d+ s", "paused by $1 for 0 s")
        .replaceAll(
            "tries again in \\d+ s after failure \\d+", "tries again in 1 s after failure 1")
        .replaceAll("up to \\[\\d+]", "up to [200]")
        .replaceAll("(\"basis\" : )(null|\"[^\"]*\")", "$1\"the planner's estimate\"")
        .replaceAll("(\"(restarts|rollbacks|failures_in_row)\" : )\\d+", "$11")
        .replaceAll("(\"sleep_ms\" : )null", "$197")
        .replaceAll("(\"recent_iterations_ms\" : )\\[ \\d+ \\]", "$1[ 97 ]")
        .replaceAll("(_ms\" : )[\\d.]+", "$197");
  }
}
