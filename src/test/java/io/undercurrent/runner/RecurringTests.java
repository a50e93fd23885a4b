package io.undercurrent.runner;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.Database;
import io.undercurrent.job.JobFile;
import io.undercurrent.queue.NewUpdate;
import io.undercurrent.queue.QueuedUpdate;
import io.undercurrent.queue.Schedule;
import io.undercurrent.queue.Schedules;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Updates that are queued again by themselves. */
@PostgresTest
class RecurringTests {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final ScriptedController script = new ScriptedController();
  private Database database;

  @BeforeEach
  void createNumbers(Database database) {
    this.database = database;
    createTable(database, "numbers", 10);
  }

  private static JobFile every(@Nullable Duration period) {
    var update = counting("numbers", "numbers");
    return job(update.with(update.options().recurring(period)));
  }

  private Engine engine(JobFile... jobs) {
    return new Engine(database, script.controller(), jobs);
  }

  @Test
  void areQueuedAgainAfterTheirTime() throws Exception {
    try (var engine = engine(every(DAY)).queue("numbers").steps()) {
      assertThat(runs()).isEqualTo(1);
      assertThat(engine.pass(DAY.minus(HOUR)).steps().queue.list()).isEmpty();
      assertThat(runs()).isEqualTo(1);

      engine.pass(HOUR).steps();
      assertThat(runs()).isEqualTo(2);
      assertThat(numbers()).containsExactly("2 in 10 rows");
      assertThat(engine.steps().queue.list()).isEmpty();
      engine.pass(DAY).steps();
      assertThat(runs()).isEqualTo(3);
    }
  }

  @Test
  void makeUpOnceForWhatWasMissed() throws Exception {
    try (var engine = engine(every(DAY)).queue("numbers").steps()) {
      engine.pass(DAY.multipliedBy(5).plus(HOUR.multipliedBy(6))).steps();

      assertThat(runs()).isEqualTo(2);
      engine.pass(HOUR.multipliedBy(17)).steps();
      assertThat(runs()).isEqualTo(2);
      engine.pass(HOUR.multipliedBy(2)).steps();
      assertThat(runs()).isEqualTo(3);
    }
  }

  @Test
  void leaveOutATimeThatComesWhileTheyRun() throws Exception {
    try (var engine = engine(every(DAY)).queue("numbers")) {
      script.atIteration(1, () -> engine.pass(DAY.multipliedBy(2).plus(HOUR)));

      engine.steps();

      assertThat(runs()).isEqualTo(1);
      assertThat(engine.steps().queue.list()).isEmpty();
      engine.pass(DAY).steps();
      assertThat(runs()).isEqualTo(2);
    }
  }

  @Test
  void areNotQueuedWhileNothingMayRun() throws Exception {
    try (var engine = engine(every(DAY)).queue("numbers").steps()) {
      Rows.run(database, "UPDATE undercurrent.lease SET enabled = false");
      assertThat(engine.pass(DAY.multipliedBy(3)).steps().queue.list()).isEmpty();

      Rows.run(database, "UPDATE undercurrent.lease SET enabled = true");
      engine.steps();

      assertThat(runs()).isEqualTo(2);
    }
  }

  @Test
  void areNotQueuedAgainWhileTheyAreGivenUp() throws Exception {
    Rows.run(database, "ALTER TABLE numbers ADD CONSTRAINT bad CHECK (id < 5 OR n = 0)");
    try (var engine = engine(every(DAY)).queue("numbers").steps()) {
      engine.pass(DAY.multipliedBy(2)).steps();
      assertThat(engine.queue.list())
          .singleElement()
          .matches(QueuedUpdate::givenUp)
          .matches(queued -> queued.run() == 1);

      Rows.run(database, "ALTER TABLE numbers DROP CONSTRAINT bad");
      engine.queue.forgetFailures("numbers", 1);
      engine.steps();

      assertThat(engine.queue.list()).isEmpty();
      assertThat(runs()).isEqualTo(1);
      engine.pass(DAY).steps();
      assertThat(runs()).isEqualTo(2);
    }
  }

  @Test
  void endWithACancellationAndBeginAgainWithAStart() throws Exception {
    try (var engine = engine(every(DAY)).queue("numbers")) {
      engine.queue.cancel("numbers");
      assertThat(schedules()).isEmpty();
      engine.pass(DAY.multipliedBy(2)).steps();
      assertThat(runs()).isEqualTo(1);

      engine.queue("numbers").steps().pass(DAY).steps();
      assertThat(runs()).isEqualTo(3);
    }
  }

  @Test
  void endWhereTheFileSaysSoNoMore() throws Exception {
    for (var files : List.of(List.of(every(null)), List.<JobFile>of())) {
      try (var engine = engine(every(DAY)).queue("numbers").steps()) {
        assertThat(schedules()).hasSize(1);
      }
      var before = runs();
      try (var engine = engine(files.toArray(JobFile[]::new)).pass(DAY).steps()) {
        assertThat(engine.queue.list()).isEmpty();
        assertThat(schedules()).isEmpty();
        assertThat(runs()).isEqualTo(before);
      }
    }
  }

  @Test
  void followAFileThatSaysAnotherTime() throws Exception {
    engine(every(DAY)).queue("numbers").steps().close();
    try (var engine = engine(every(HOUR)).pass(DAY).steps()) {
      assertThat(runs()).isEqualTo(2);
      engine.pass(HOUR).steps();
      assertThat(runs()).isEqualTo(3);
    }
  }

  @Test
  void areQueuedOnceHoweverManyLook() {
    var queue = engine(every(DAY)).queue("numbers").queue;
    queue.complete("numbers", 1);
    Rows.run(database, "UPDATE undercurrent.schedules SET due_at = due_at - interval '1 day'");
    var due = new Schedules(database.jdbc()).due().get(0);
    var update = new NewUpdate("numbers", null, 0, DAY);

    assertThat(queue.addAgain(due, update, DAY)).isTrue();
    assertThat(queue.addAgain(due, update, DAY)).isFalse();

    assertThat(runs()).isEqualTo(2);
  }

  private List<Schedule> schedules() {
    return new Schedules(database.jdbc()).list();
  }

  private long runs() {
    return Optional.ofNullable(Rows.of(database, "SELECT count(*) FROM undercurrent.runs").get(0))
        .map(Long::parseLong)
        .orElseThrow();
  }

  private List<@Nullable String> numbers() {
    return Rows.of(database, "SELECT format('%s in %s rows', n, count(*)) FROM numbers GROUP BY n");
  }
}
