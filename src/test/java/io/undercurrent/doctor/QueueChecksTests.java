package io.undercurrent.doctor;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.job.DefinedUpdate;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.state.Hold;
import io.undercurrent.status.Definitions;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class QueueChecksTests {

  private Database database;
  private Engine engine;

  @BeforeEach
  void queue(Database database) {
    this.database = database;
    this.engine =
        new Engine(database, new ScriptedController().controller(), job(counting("count", "halls")))
            .queue("count");
  }

  @Test
  void findUpdatesWithoutAFile() {
    assertThat(Examination.by(new UndefinedUpdates(), database).findings())
        .containsExactly(
            "undefined-update: Update 'count' is queued, but no job file defines it. Add the file back, or drop the update with: cancel count");
    assertThat(
            Examination.by(new UndefinedUpdates(), database, job(counting("count", "halls")))
                .findings())
        .isEmpty();
  }

  @Test
  void findUpdatesWithABrokenFile() {
    var broken =
        new Definitions() {
          @Override
          public Optional<DefinedUpdate> find(String update) {
            return Optional.empty();
          }

          @Override
          public Hold missing(QueuedUpdate update) {
            return Hold.of(Hold.Kind.BROKEN_FILE, update.name()).what("count.yaml:1: no");
          }
        };
    var doctor = new Doctor(database, broken, TimeSource.SYSTEM, List.of(new UndefinedUpdates()));

    assertThat(new Examination(doctor).findings())
        .containsExactly(
            "undefined-update: Update 'count' is queued, but the file of its job 'count' has problems, the first: count.yaml:1: no. See them with: check count");
  }

  @Test
  void findWhatWasGivenUp() {
    engine.queue.failed("count", 1, "ERROR: division by zero", "22012", null, true);

    assertThat(Examination.by(new GivenUpUpdates(), database).findings())
        .containsExactly(
            "given-up: Update 'count' was given up: ERROR: division by zero. Once the cause is fixed: retry count");
    engine.queue.forgetFailures("count", 1);
    assertThat(Examination.by(new GivenUpUpdates(), database).findings()).isEmpty();
  }

  @Test
  void findPausesOfWhatIsNotQueuedAndLiftThem() {
    var pauses = new Pauses(database);
    pauses.add("count", null, "ann", null);
    pauses.add(null, null, "ann", null);
    pauses.add("gone", null, "ann", null);
    pauses.add("over", null, "ann", Duration.ofHours(1));
    engine.pass(Duration.ofHours(2));
    var examination = Examination.by(new StalePauses(), database);

    assertThat(examination.findings())
        .singleElement()
        .asString()
        .matches(
            "stale-pause: 'gone' has been paused by ann for \\d+ s, but is not queued: the pause would hold it once it is. Lift it with: resume gone \\(fixable\\)");
    assertThat(examination.fix("stale-pause")).containsExactly("Lifted the pause of gone.");
    assertThat(pauses.list()).extracting(pause -> pause.update()).containsExactly(null, "count");
    assertThat(examination.findings()).isEmpty();
  }

  @Test
  void findPausesThatMayBeForgottenAndLeaveThem() {
    var pauses = new Pauses(database);
    pauses.add("count", null, "ann", null);
    pauses.add(null, "backup", "ann", null);
    Rows.run(
        database,
        "UPDATE undercurrent.pauses SET paused_at = paused_at - interval '80 hours' WHERE update_name IS NULL");
    var examination = Examination.by(new OldPauses(Duration.ofDays(3)), database);

    assertThat(examination.findings())
        .containsExactly(
            "hint old-pause: All updates have been paused by ann without an end for 3 days (backup). If that was forgotten, lift it with: resume");
    assertThat(examination.fix("old-pause")).singleElement().asString().startsWith("left: ");
    assertThat(pauses.list()).hasSize(2);

    Rows.run(database, "UPDATE undercurrent.pauses SET until = paused_at + interval '9 days'");
    assertThat(examination.findings()).isEmpty();
  }

  @Test
  void findRowsInQuarantine() {
    Rows.run(
        database,
        "INSERT INTO undercurrent.quarantine (update_name, run, key, message) VALUES ('count', 1, '[7]', 'no')");

    assertThat(Examination.by(new QuarantinedRows(), database).findings())
        .singleElement()
        .asString()
        .matches(
            "hint quarantined-rows: A row of 'count' in quarantine, the oldest for \\d+ s. See them with: quarantine count");
  }

  @Test
  void findThatUpdatesAreSwitchedOff() {
    assertThat(Examination.by(new DisabledUpdates(), database).findings()).isEmpty();

    Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");

    assertThat(Examination.by(new DisabledUpdates(), database).findings())
        .containsExactly("hint disabled: Updates are switched off. Switch them on with: resume");
  }
}
