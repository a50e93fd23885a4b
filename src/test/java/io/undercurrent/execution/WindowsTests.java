package io.undercurrent.execution;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.job.JobFile;
import io.undercurrent.state.Hold;
import io.undercurrent.state.Hold.Kind;
import io.undercurrent.state.UpdateState;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.OldSnapshot;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.Windows;
import io.undercurrent.window.TimeWindows;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates run within their time windows only. */
@PostgresTest
class WindowsTests {

  private static final int ROWS = 400;

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createNumbers(Database database) {
    this.database = database;
    createTable(database, "numbers", ROWS);
    createTable(database, "others", 10);
  }

  @Test
  void isNotTakenWhileItIsClosedAndKeepsNobodyElse() throws Exception {
    try (var engine =
        new Engine(
            database,
            script.controller(),
            within(Windows.closed(), 1),
            job(counting("others", "others")))) {
      engine.queue("numbers").queue("others").steps();

      assertThat(counted("others")).isEqualTo("10");
      assertThat(counted("numbers")).isEqualTo("0");
      var left = engine.status().updates();
      assertThat(left).hasSize(1);
      assertThat(left.get(0).state()).isEqualTo(UpdateState.HELD);
      var now = database.jdbc().sql("SELECT now()").query(OffsetDateTime.class).single();
      assertThat(left.get(0).holds())
          .singleElement()
          .matches(hold -> hold.is(Kind.WINDOW))
          .matches(hold -> Windows.closedText().equals(hold.what()))
          .extracting(Hold::until)
          .matches(until -> until.isAfter(now.toInstant()))
          .matches(until -> until.isBefore(now.toInstant().plus(Duration.ofHours(5))));
      assertThat(engine.status().isIdle()).isTrue();

      engine.define(within(Windows.open(), 1)).steps();
      assertThat(counted("numbers")).isEqualTo("" + ROWS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void stopsAtTheBoundaryWhenItClosesAndGoesOnWhenItOpens(int lanes) throws Exception {
    try (var engine = new Engine(database, script.controller(), within(Windows.open(), lanes))) {
      script.atIteration(
          4,
          () -> {
            engine.define(within(Windows.closed(), lanes));
            ScriptedController.sleep();
          });
      engine.queue("numbers").steps();

      assertThat(executions()).containsExactly("STOPPED");
      assertThat(
              Rows.of(
                  database,
                  "SELECT step_name FROM undercurrent.batch_step_execution WHERE exit_message LIKE '%; its time window has closed%'"))
          .isNotEmpty();
      assertThat(Integer.parseInt(counted("numbers"))).isBetween(20, ROWS - 20);
      assertThat(engine.queue.find("numbers").orElseThrow().failuresInRow()).isZero();
      assertThat(engine.status().updates().get(0).state()).isEqualTo(UpdateState.HELD);

      engine.define(within(Windows.open(), lanes)).steps();
    }
    assertThat(executions()).containsExactly("STOPPED", "COMPLETED");
    assertThat(counted("numbers")).isEqualTo("" + ROWS);
    assertThat(Rows.of(database, "SELECT DISTINCT n FROM numbers")).containsExactly("1");
  }

  @Test
  void doesNotBeginABuildWhileItIsClosed() throws Exception {
    try (var engine = new Engine(database, script.controller(), building(Windows.open()))) {
      script.atIteration(
          1,
          () -> {
            engine.define(building(Windows.closed()));
            ScriptedController.sleep();
          });
      engine.queue("numbers").steps();

      assertThat(executions()).containsExactly("STOPPED");
      assertThat(indexes()).isEmpty();

      engine.define(building(Windows.open())).steps();
    }
    assertThat(indexes()).containsExactly("numbers_n");
  }

  @Test
  void doesNotCutABuildThatIsUnderWay() throws Exception {
    try (var engine = new Engine(database, script.controller(), building(Windows.open()))) {
      try (var report = OldSnapshot.hold(database)) {
        engine.queue("numbers").run();
        report.awaitBuild();

        engine.define(building(Windows.closed())).awaitLook();

        var update = engine.status().updates().get(0);
        assertThat(update.state()).isEqualTo(UpdateState.RUNNING);
        assertThat(update.holds()).anyMatch(hold -> hold.is(Kind.WINDOW));
      }
      engine.awaitEmptyQueue();
    }
    assertThat(executions()).containsExactly("COMPLETED");
    assertThat(indexes()).containsExactly("numbers_n");
  }

  private static JobFile building(TimeWindows windows) {
    var update = Engine.update("numbers", Engine.index("numbers", "numbers_n"));
    return job(update.with(update.options().within(windows)));
  }

  private List<String> indexes() {
    return Rows.of(
        database,
        "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid WHERE NOT indisprimary AND indisvalid AND relname LIKE 'numbers%'");
  }

  private JobFile within(TimeWindows windows, int lanes) {
    var update = inChunksOf(20, counting("numbers", "numbers"));
    return job(update.with(update.options().inLanes(lanes).within(windows)));
  }

  private String counted(String table) {
    return Rows.of(database, "SELECT sum(n) FROM " + table).get(0);
  }

  private List<String> executions() {
    return Rows.of(
        database, "SELECT status FROM undercurrent.batch_job_execution ORDER BY job_execution_id");
  }
}
