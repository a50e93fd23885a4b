package io.undercurrent.shell.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.shell.screen.RecordedScreen;
import io.undercurrent.shell.view.Prompt;
import io.undercurrent.shell.view.StatusLine;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One situation after the other, as every surface shows it: the same state, the same hold. */
@PostgresTest
class SameEverywhereTests {

  private static final String UPDATE = "fill_numbers";

  private static final String A_RUNNER =
      """
      UPDATE undercurrent.lease
         SET owner = 'pid 1 on db-host', owner_id = 'stranger', current_update = 'fill_numbers',
             acquired_at = now(), renewed_at = now(), expires_at = now() + interval '1 hour'""";

  private static final String NO_RETRY = "UPDATE undercurrent.runs SET retry_at = NULL";

  /** What is the case, and what is to be seen of it. */
  enum Situation {
    NO_RUNNER(UpdateState.WAITING, Kind.NO_RUNNER, NO_RETRY),
    BACKING_OFF(
        UpdateState.BACKING_OFF,
        Kind.BACKING_OFF,
        A_RUNNER,
        "UPDATE undercurrent.runs SET retry_at = now() + interval '1 hour'"),
    GIVEN_UP(
        UpdateState.GIVEN_UP,
        Kind.GIVEN_UP,
        A_RUNNER,
        "UPDATE undercurrent.runs SET given_up_at = now(), retry_at = NULL"),
    PAUSED(
        UpdateState.PAUSED,
        Kind.PAUSED,
        A_RUNNER,
        NO_RETRY,
        "INSERT INTO undercurrent.pauses (update_name, author) VALUES ('fill_numbers', 'ann')"),
    ALL_PAUSED(
        UpdateState.PAUSED,
        Kind.ALL_PAUSED,
        A_RUNNER,
        NO_RETRY,
        "INSERT INTO undercurrent.pauses (author, reason) VALUES ('ann', 'the night')"),
    READY(
        UpdateState.READY,
        Kind.OPERATOR,
        A_RUNNER,
        NO_RETRY,
        "UPDATE undercurrent.runs SET waits_for = 'swap fill_numbers'"),
    DISABLED(
        UpdateState.DISABLED,
        Kind.DISABLED,
        A_RUNNER,
        NO_RETRY,
        "UPDATE undercurrent.lease SET enabled = false"),
    SLEEPING(
        UpdateState.RUNNING,
        Kind.SLEEPING,
        A_RUNNER,
        NO_RETRY,
        "UPDATE undercurrent.lease SET sleeping_since = now()"),
    HELD(
        UpdateState.HELD,
        Kind.BRAKE,
        A_RUNNER,
        NO_RETRY,
        """
        INSERT INTO undercurrent.holds
               (epoch, signal, rank, subject, value, threshold, unit, since, seen_at)
        SELECT epoch, 'replication-lag', 1, 'standby_1', 34, 10, 'SECONDS', now(), now()
          FROM undercurrent.lease"""),
    NOT_HELD_BY_ANOTHER_EPOCH(
        UpdateState.RUNNING,
        Kind.SLEEPING,
        A_RUNNER,
        NO_RETRY,
        """
        INSERT INTO undercurrent.holds (epoch, signal, rank, threshold, unit, since, seen_at)
        SELECT epoch - 1, 'slots', 1, 10, 'BYTES', now(), now() FROM undercurrent.lease""",
        "UPDATE undercurrent.lease SET sleeping_since = now()"),
    DEFINITION_CHANGED(
        UpdateState.DEFINITION_CHANGED,
        Kind.DEFINITION_CHANGED,
        A_RUNNER,
        NO_RETRY,
        """
        UPDATE undercurrent.runs
           SET definition = CAST(replace(CAST(definition AS text), 'n = 1', 'n = 2') AS json)"""),
    CYCLE(
        UpdateState.CYCLE,
        Kind.CYCLE,
        A_RUNNER,
        "UPDATE undercurrent.background_updates SET depends_on = update_name");

    final UpdateState state;
    final Kind kind;
    final String[] sql;

    Situation(UpdateState state, Kind kind, String... sql) {
      this.state = state;
      this.kind = kind;
      this.sql = sql;
    }
  }

  @ParameterizedTest
  @EnumSource
  void isShownAlike(Situation situation, Database database, @TempDir Path jobs) throws Exception {
    beginAndFail(database, jobs);
    Rows.run(database, situation.sql);
    try (var shell = new TestShell(database, jobs)) {
      var status = json(shell, "status --json").get(0);
      var sentence = status.path("reason").stringValue().replaceFirst("^" + UPDATE + ": ", "");
      assertThat(status.path("cause").stringValue()).isEqualTo(situation.kind.json());
      assertThat(status.path("current").path("state").stringValue())
          .isEqualTo(situation.state.json());

      var watch = json(shell, "watch --for 1ms --json");
      assertThat(masked(watch.toString())).isEqualTo(masked(status.toString()));

      var queued = json(shell, "queue --json").get(0);
      assertThat(queued.path("state").stringValue()).isEqualTo(situation.state.json());

      var shown = json(shell, "show fill_numbers --json");
      assertThat(shown.path("state").stringValue()).isEqualTo(situation.state.json());
      var reason = masked(shown.path("reasons").get(0).toString());
      assertThat(reason)
          .isEqualTo(masked(reason(shell, "why fill_numbers --json").toString()))
          .contains(masked(sentence));
      assertThat(reason(shell, "why --json").path("cause").stringValue())
          .isEqualTo(situation.kind.json());

      var words = StatusLine.state(situation.state);
      for (var verb : new String[] {"status", "queue", "show fill_numbers", "watch --for 1ms"}) {
        shell.perform(verb);
        assertThat(shell.out()).as(verb).contains(words);
      }
      assertThat(prompt(shell)).contains(sign(situation.state));
      if (situation == Situation.READY) {
        assertThat(prompt(shell)).contains("waits for: swap");
      }
    }
  }

  /** A chunk was committed, the next one failed, and the process has ended. */
  private static void beginAndFail(Database database, Path jobs) throws IOException {
    Rows.run(
        database,
        "CREATE TABLE halls (id int PRIMARY KEY, n int)",
        "INSERT INTO halls SELECT generate_series(1, 250)",
        "ANALYZE halls");
    Files.writeString(
        jobs.resolve("numbers.yaml"),
        """
        updates:
          - name: fill_numbers
            read: {table: halls, key: [id]}
            write: UPDATE halls SET n = 1 / (150 - halls.id) FROM chunk WHERE halls.id = chunk.id
        """);
    try (var shell = TestShell.backingOff(database, jobs)) {
      shell.perform("start numbers");
      shell.startRunner();
      Rows.await(database, "SELECT 1 FROM undercurrent.runs WHERE failures_in_row > 0");
    }
  }

  /** Without what another moment changes. */
  private static String masked(String text) {
    return text.replaceAll("tries again in \\d+ s", "tries again soon")
        // grows for as long as the run is held
        .replaceAll("(with_holds[a-z_]*_ms\":)\\d+", "$1later");
  }

  private static JsonNode json(TestShell shell, String line) {
    shell.perform(line);
    return JsonMapper.shared().readTree(shell.out());
  }

  private static JsonNode reason(TestShell shell, String line) {
    return json(shell, line).get(0).path("reasons").get(0);
  }

  private static String prompt(TestShell shell) {
    var recorded = new RecordedScreen().ascii();
    return new Prompt(() -> Optional.of(shell.status()), recorded.screen()).getPrompt().toString();
  }

  private static String sign(UpdateState state) {
    return switch (state) {
      case RUNNING -> "[running]";
      case HELD -> "[held]";
      case PAUSED, DISABLED -> "[paused]";
      case BACKING_OFF, GIVEN_UP, CYCLE, UNDEFINED, DEFINITION_CHANGED -> "[stuck]";
      case READY, DEPENDENCY, WAITING, COMPLETED, CANCELLED -> "[waiting]";
    };
  }
}
