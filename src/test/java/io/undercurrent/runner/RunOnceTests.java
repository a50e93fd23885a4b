package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.queue.Pauses;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PostgresTest
class RunOnceTests {

  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration LONG_LOOK = Duration.ofSeconds(5);

  private final ScriptedController script = new ScriptedController();

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 250);
  }

  @Test
  void runsAnUpdateToItsEndAndThenWaits(Database database) throws Exception {
    try (var engine = engine(database).queue("numbers")) {
      assertThat(engine.step()).isEqualTo(AT_ONCE);
      assertThat(statuses(database)).containsExactly("COMPLETED");
      assertThat(engine.step()).isEqualTo(LOOK);
    }
    assertThat(values(database)).containsExactly("1 in 250 rows");
  }

  @Test
  void triesInPlaceAndGivesUpAfterTheFifthFailure(Database database) throws Exception {
    refuseToCount(database);
    try (var engine = engine(database).queue("numbers")) {
      assertThat(engine.step()).isEqualTo(AT_ONCE);
      assertThat(engine.pass(Duration.ofDays(1)).step()).isEqualTo(LOOK);
      assertThat(engine.queue.find("numbers").orElseThrow().givenUp()).isTrue();
      assertThat(engine.queue.find("numbers").orElseThrow().failuresInRow()).isEqualTo(5);
    }
    assertThat(statuses(database)).containsExactly("FAILED");
  }

  @Test
  void backsOffForTwiceAsLongAfterEachExecutionThatFails(Database database) throws Exception {
    failToBegin();
    try (var engine = engine(database).queue("numbers").steps()) {
      for (var seconds : List.of(1, 2, 4, 8)) {
        assertThat(backOff(database)).containsExactly("" + seconds);
        assertThat(engine.pass(Duration.ofSeconds(seconds)).step()).isEqualTo(AT_ONCE);
      }
      assertThat(engine.pass(Duration.ofDays(1)).step()).isEqualTo(LOOK);
      assertThat(engine.queue.find("numbers").orElseThrow().givenUp()).isTrue();
    }
    assertThat(statuses(database)).hasSize(5).containsOnly("FAILED");
  }

  @Test
  void doesNotTryAgainBeforeTheBackOffIsOver(Database database) throws Exception {
    failToBegin();
    try (var engine = engine(database).queue("numbers").steps()) {
      Rows.run(database, "UPDATE undercurrent.runs SET retry_at = retry_at + interval '1 hour'");
      assertThat(engine.pass(Duration.ofMinutes(59)).step()).isEqualTo(LOOK);
      assertThat(statuses(database)).hasSize(1);

      assertThat(engine.pass(Duration.ofMinutes(2)).step()).isEqualTo(AT_ONCE);
      assertThat(statuses(database)).hasSize(2);
    }
  }

  @Test
  void stopsForAPauseAtABoundaryAndGoesOnAfterIt(Database database) throws Exception {
    pauseInTheMiddle(database, null);
    try (var engine = engine(database).queue("numbers")) {
      assertThat(engine.step()).isEqualTo(AT_ONCE);
      assertThat(statuses(database)).containsExactly("STOPPED");
      assertThat(values(database)).containsExactly("0 in 150 rows", "1 in 100 rows");
      assertThat(engine.step()).isEqualTo(LOOK);

      new Pauses(database).remove("numbers");
      assertThat(engine.step()).isEqualTo(AT_ONCE);
    }
    assertThat(statuses(database)).containsExactly("STOPPED", "COMPLETED");
    assertThat(values(database)).containsExactly("1 in 250 rows");
  }

  @Test
  void goesOnByItselfWhenAPauseHasEnded(Database database) throws Exception {
    pauseInTheMiddle(database, Duration.ofHours(8));
    try (var engine = engine(database).queue("numbers").steps()) {
      assertThat(engine.pass(Duration.ofHours(7)).step()).isEqualTo(LOOK);
      assertThat(statuses(database)).containsExactly("STOPPED");

      assertThat(engine.pass(Duration.ofHours(1)).step()).isEqualTo(AT_ONCE);
    }
    assertThat(values(database)).containsExactly("1 in 250 rows");
  }

  @Test
  void standsByWhileAnotherHoldsTheLeaseAndTakesItWhenGivenBack(Database database)
      throws Exception {
    try (var standby = engine(database)) {
      try (var holder = engine(database)) {
        assertThat(holder.step()).isEqualTo(LOOK);
        standby.queue("numbers");
        assertThat(standby.step()).isEqualTo(LOOK);
        assertThat(statuses(database)).isEmpty();
      }
      assertThat(standby.step()).isEqualTo(AT_ONCE);
    }
    assertThat(statuses(database)).containsExactly("COMPLETED");
    assertThat(Rows.of(database, "SELECT owner FROM undercurrent.lease"))
        .containsExactly((String) null);
  }

  @Test
  void waitsForLongerAfterTheFifthRoundThatFailsAndGoesOnOnceItCan(Database database)
      throws Exception {
    Rows.run(database, "ALTER TABLE undercurrent.pauses RENAME TO gone");
    try (var engine = engine(database).queue("numbers")) {
      for (int rounds = 1; rounds < 5; rounds++) {
        assertThat(engine.step()).isEqualTo(LOOK);
      }
      assertThat(engine.step()).isEqualTo(LONG_LOOK);

      Rows.run(database, "ALTER TABLE undercurrent.gone RENAME TO pauses");
      assertThat(engine.step()).isEqualTo(AT_ONCE);
    }
    assertThat(statuses(database)).containsExactly("COMPLETED");
  }

  private Engine engine(Database database) {
    return new Engine(database, script.controller(), job(counting("numbers", "numbers")));
  }

  /** For a reason that nobody knows, so that it may pass. */
  private static void refuseToCount(Database database) {
    Rows.run(
        database,
        """
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE 'no' USING ERRCODE = 'XX000';
        END$$""",
        "CREATE TRIGGER fails BEFORE UPDATE ON numbers FOR EACH ROW EXECUTE FUNCTION fail()");
  }

  /** Outside of all iterations, so that nothing is tried in place. */
  private void failToBegin() {
    script.onEnter(
        () -> {
          throw new IllegalStateException("no");
        });
  }

  private void pauseInTheMiddle(Database database, @Nullable Duration duration) {
    script.onEnter(
        () -> {
          if (values(database).size() == 2) {
            new Pauses(database).add("numbers", "lunch", "anna", duration);
            script.onEnter(() -> null);
          }
          return null;
        });
  }

  private static List<@Nullable String> backOff(Database database) {
    return Rows.of(
        database,
        "SELECT round(extract(epoch FROM retry_at - last_error_at)) FROM undercurrent.runs");
  }

  private static List<@Nullable String> statuses(Database database) {
    return Rows.of(
        database, "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id");
  }

  private static List<@Nullable String> values(Database database) {
    return Rows.of(
        database, "SELECT n || ' in ' || count(*) || ' rows' FROM numbers GROUP BY n ORDER BY n");
  }
}
