package io.undercurrent.ledger;

import static io.undercurrent.testing.Engine.counting;
import static io.undercurrent.testing.Engine.createTable;
import static io.undercurrent.testing.Engine.inChunksOf;
import static io.undercurrent.testing.Engine.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.undercurrent.database.Database;
import io.undercurrent.execution.RunnerContext;
import io.undercurrent.execution.RunnerListener;
import io.undercurrent.failure.FailurePolicy;
import io.undercurrent.iteration.Beans;
import io.undercurrent.job.JobFile;
import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.queue.Pauses;
import io.undercurrent.queue.UpdateQueue;
import io.undercurrent.testing.Engine;
import io.undercurrent.testing.PostgresTest;
import io.undercurrent.testing.Rows;
import io.undercurrent.testing.ScriptedController;
import io.undercurrent.testing.SteppedTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@PostgresTest
class LedgerTests {

  private static final Duration SLEEP = Duration.ofMillis(700);
  private static final Duration WORK = Duration.ofMillis(300);

  private final SteppedTime time = new SteppedTime();
  private final ScriptedController script = new ScriptedController();
  private final Map<String, Duration> told = new TreeMap<>();
  private final RunnerListener listener =
      new RunnerListener() {

        @Override
        public void committed(String database, String update, Iteration iteration) {
          time.pass(WORK);
          whenCommitted.run();
        }

        @Override
        public synchronized void spent(
            String database, String update, String activity, Duration duration) {
          told.merge(activity, duration, Duration::plus);
        }
      };

  private int entered;
  private Runnable whenCommitted = () -> {};

  @BeforeEach
  void createNumbers(Database database) {
    createTable(database, "numbers", 500);
  }

  @Test
  void countsWhatARunSpendsItsTimeOn(Database database) throws Exception {
    var pauses = new Pauses(database);
    before(3, () -> pauses.add("numbers", null, "me", null));
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
      time.pass(Duration.ofSeconds(20));
      engine.step();
      time.pass(Duration.ofSeconds(5));
      engine.step();
      pauses.remove("numbers");
      engine.steps();
    }

    var worked = WORK.multipliedBy(5).toMillis();
    var slept = SLEEP.multipliedBy(entered).toMillis();
    assertThat(times(database))
        .isEqualTo(Map.of("working", worked, "sleeping", slept, "paused", 25_000L));
    assertThat(samples(database)).isEqualTo(times(database));
    assertThat(told).isEqualTo(durations(times(database)));
    assertThat(work(database)).isEqualTo("500 500 5");
    assertThat(Rows.of(database, "SELECT run FROM undercurrent.run_clocks")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void countsABackOff(Policy policy, Database database) throws Exception {
    failOnce(database);
    try (var engine = engine(database, policy.policy)) {
      engine.queue("numbers").steps();
      time.pass(Duration.ofSeconds(30));
      engine.pass(Duration.ofSeconds(30)).steps();
    }

    var total = times(database).values().stream().mapToLong(Long::longValue).sum();
    assertThat(times(database)).containsOnlyKeys("working", "backing-off");
    assertThat(total).isCloseTo(policy.total(time), within(total / 100));
    assertThat(samples(database)).isEqualTo(times(database));
    assertThat(work(database)).isEqualTo("500 500 5");
  }

  /** Where an update waits before it is tried again. */
  enum Policy {
    IN_PLACE(FailurePolicy.STANDARD),
    BETWEEN_EXECUTIONS(FailurePolicy.END_EXECUTION);

    private final FailurePolicy policy;

    Policy(FailurePolicy policy) {
      this.policy = policy;
    }

    /** The run that is tried in place is over before the test lets time pass. */
    private long total(SteppedTime time) {
      return time.nanos() / 1_000_000 - (this == IN_PLACE ? 30_000 : 0);
    }
  }

  @Test
  void writesARowAMinuteAndOneForAWait(Database database) throws Exception {
    var pauses = new Pauses(database);
    before(4, () -> pauses.add("numbers", null, "me", null));
    try (var engine = engine(database)) {
      time.pass(Duration.ofSeconds(1));
      engine.queue("numbers").steps();
      for (var minute = 1; minute <= 5; minute++) {
        time.pass(Duration.ofMinutes(1));
        engine.step();
        awaitMs(database, "paused", minute * 60_000);
      }
    }

    assertThat(
            Rows.of(
                database,
                "SELECT items || ' ' || jsonb_exists(times, 'paused') FROM undercurrent.samples ORDER BY at"))
        .containsExactly("300 false", "0 true");
    assertThat(samples(database)).isEqualTo(times(database));
  }

  @Test
  void countsTheTimeWithoutARunner(Database database) throws Exception {
    var pauses = new Pauses(database);
    before(3, () -> pauses.add("numbers", null, "me", null));
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
    }
    lieFor(database, "3 h");
    pauses.remove("numbers");
    try (var engine = engine(database)) {
      engine.steps();
    }

    assertThat(times(database).get("no-runner")).isBetween(10_800_000L, 10_860_000L);
    assertThat(samples(database)).isEqualTo(times(database));
  }

  @Test
  void countsWhatADeadProcessHasWorkedUntilItsLastCommit(Database database) throws Exception {
    before(3, () -> lieFor(database, "40 s"));
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
    }
    // As if it had died then, and been written down last at the begin of the run.
    Rows.run(
        database,
        "UPDATE undercurrent.runs SET ended_at = NULL, outcome = NULL",
        "INSERT INTO undercurrent.background_updates (update_name) VALUES ('numbers')",
        "INSERT INTO undercurrent.run_clocks SELECT update_name, run, started_at, 100, 100, 1, 300 FROM undercurrent.runs",
        "UPDATE undercurrent.run_times SET ms = 0",
        "DELETE FROM undercurrent.samples",
        "UPDATE undercurrent.batch_job_execution SET status = 'STARTED', end_time = NULL",
        "UPDATE undercurrent.batch_step_execution SET status = 'STARTED', end_time = NULL");
    lieFor(database, "2 h");
    try (var engine = engine(database)) {
      engine.steps();
    }

    assertThat(times(database).get("working")).isBetween(40_000L, 100_000L);
    assertThat(times(database).get("no-runner")).isBetween(7_200_000L, 7_260_000L);
    assertThat(samples(database)).isEqualTo(times(database));
    assertThat(work(database)).isEqualTo("400 400 4");
  }

  @Test
  void doesNotGuessWhatAnOlderVersionDid(Database database) throws Exception {
    var pauses = new Pauses(database);
    before(3, () -> pauses.add("numbers", null, "me", null));
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
    }
    Rows.run(
        database,
        "DELETE FROM undercurrent.run_times",
        "DELETE FROM undercurrent.run_clocks",
        "DELETE FROM undercurrent.samples");
    lieFor(database, "1 h");
    pauses.remove("numbers");
    try (var engine = engine(database)) {
      engine.steps();
    }

    assertThat(times(database)).containsOnlyKeys("unknown", "sleeping", "working");
    assertThat(times(database).get("unknown")).isBetween(3_600_000L, 3_660_000L);
    assertThat(work(database)).isEqualTo("300 300 3");
  }

  @Test
  void leavesNothingOfARunThatIsGone(Database database) throws Exception {
    before(3, () -> Rows.run(database, "DELETE FROM undercurrent.background_updates"));
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
      assertThat(Rows.of(database, "SELECT run FROM undercurrent.run_clocks")).isEmpty();
      Rows.run(database, "DELETE FROM undercurrent.runs", "UPDATE numbers SET n = 0");
      time.pass(Duration.ofMinutes(5));

      engine.queue("numbers").steps();
    }

    // The position of the old run's job instance has stayed.
    assertThat(work(database)).isEqualTo("300 300 3");
    assertThat(samples(database)).isEqualTo(times(database));
  }

  @Test
  void holdsUpNoUpdateWhereItCannotWrite(Database database) throws Exception {
    try (var engine = engine(database)) {
      engine.steps();
      Rows.run(database, "ALTER TABLE undercurrent.samples RENAME TO elsewhere");
      engine.queue("numbers").steps();

      assertThat(engine.queue.list()).isEmpty();
      Rows.run(database, "ALTER TABLE undercurrent.elsewhere RENAME TO samples");
    }
  }

  @Test
  void forgetsNothingWhereItCouldNotBeginAtOnce(Database database) throws Exception {
    var pauses = new Pauses(database);
    before(3, () -> pauses.add("numbers", null, "me", null));
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
    }
    lieFor(database, "3 h");
    Rows.run(database, "ALTER TABLE undercurrent.samples RENAME TO elsewhere");
    try (var engine = engine(database)) {
      engine.step();
      Rows.run(database, "ALTER TABLE undercurrent.elsewhere RENAME TO samples");
      pauses.remove("numbers");
      engine.steps();
    }

    assertThat(times(database)).containsEntry("working", WORK.multipliedBy(5).toMillis());
    assertThat(times(database).get("no-runner")).isBetween(10_800_000L, 10_860_000L);
    assertThat(samples(database)).isEqualTo(times(database));
    assertThat(work(database)).isEqualTo("500 500 5");
  }

  @Test
  void writesARunThatHasEndedWhenItCanAgain(Database database) throws Exception {
    createTable(database, "rooms", 100);
    before(5, () -> Rows.run(database, "ALTER TABLE undercurrent.samples RENAME TO elsewhere"));
    try (var engine =
        engine(
            database,
            FailurePolicy.STANDARD,
            counting("numbers", "numbers"),
            counting("rooms", "rooms"))) {
      engine.queue("numbers").steps();
      assertThat(engine.queue.list()).isEmpty();
      Rows.run(database, "ALTER TABLE undercurrent.elsewhere RENAME TO samples");
      engine.queue("rooms").steps();
    }

    assertThat(Rows.of(database, "SELECT run FROM undercurrent.run_clocks")).isEmpty();
    assertThat(work(database)).isEqualTo("600 600 6");
  }

  @Test
  void waitsForNoLockAsLongAsTheLeaseLasts(Database database) throws Exception {
    try (var engine = engine(database);
        var maintenance = database.connect("maintenance")) {
      engine.steps();
      maintenance.setAutoCommit(false);
      try (var lock = maintenance.createStatement()) {
        lock.execute("LOCK TABLE undercurrent.samples");
      }
      engine.queue("numbers").steps();

      assertThat(engine.queue.list()).isEmpty();
      assertThat(
              Rows.of(
                  database,
                  "SELECT pid FROM pg_stat_activity WHERE application_name = 'undercurrent lease' AND wait_event_type = 'Lock'"))
          .isEmpty();
    }
  }

  @Test
  void countsNothingAfterARunWasCancelled(Database database) throws Exception {
    var iterations = new AtomicInteger();
    whenCommitted =
        () -> {
          if (iterations.incrementAndGet() == 3) {
            new UpdateQueue(database).cancel("numbers");
            time.pass(Duration.ofSeconds(20));
            Rows.run(
                database, "UPDATE undercurrent.runs SET ended_at = ended_at - interval '20 s'");
          }
        };
    try (var engine = engine(database)) {
      engine.queue("numbers").steps();
    }

    assertThat(times(database).getOrDefault("working", 0L))
        .isLessThanOrEqualTo(WORK.multipliedBy(3).toMillis());
    assertThat(samples(database)).isEqualTo(times(database));
  }

  @Test
  void countsARunThatBeginsAsWork(Database database) throws Exception {
    try (var engine =
        new Engine(database, script.controller(), job(counting("numbers", "numbers")))) {
      engine.queue("numbers").steps();
    }

    assertThat(times(database)).containsKey("working").doesNotContainKey("no-runner");
  }

  @Test
  void countsAllLanesTogether(Database database) throws Exception {
    before(0, () -> {});
    var counting = counting("numbers", "numbers");
    try (var engine =
        engine(database, FailurePolicy.STANDARD, counting.with(counting.options().inLanes(2)))) {
      engine.queue("numbers").steps();
    }

    var total = times(database).values().stream().mapToLong(Long::longValue).sum();
    assertThat(total).isCloseTo(time.nanos() / 1_000_000, within(total / 100));
    assertThat(samples(database)).isEqualTo(times(database));
    assertThat(work(database)).startsWith("500 500 ");
  }

  @Test
  void looksAtThoseThatWaitWhileAnotherOneRuns(Database database) throws Exception {
    createTable(database, "rooms", 100);
    var pauses = new Pauses(database);
    script.onEnter(
        () -> {
          entered++;
          if (entered == 3) {
            pauses.add("numbers", null, "me", null);
          } else if (entered == 4) {
            // It is the other one that runs now.
            pauses.remove("numbers");
            time.pass(Duration.ofSeconds(61));
            awaitMs(database, "paused", 61_000);
            time.pass(Duration.ofSeconds(30));
          }
          return null;
        });
    try (var engine =
        engine(
            database,
            FailurePolicy.STANDARD,
            counting("numbers", "numbers"),
            counting("rooms", "rooms"))) {
      engine.queue("numbers").queue("rooms").steps();
    }

    assertThat(
            map(
                database,
                "SELECT activity, ms FROM undercurrent.run_times WHERE update_name = 'numbers'"))
        .containsOnlyKeys("working", "paused", "turn")
        .containsEntry("turn", 30_000L + WORK.toMillis());
  }

  private Engine engine(Database database) {
    return engine(database, FailurePolicy.STANDARD);
  }

  private Engine engine(Database database, FailurePolicy policy) {
    return engine(database, policy, counting("numbers", "numbers"));
  }

  private Engine engine(Database database, FailurePolicy policy, UpdateDefinition... updates) {
    return new Engine(
        database,
        new RunnerContext(
            script.controller(), Beans.NONE, policy, listener, Clock.systemUTC(), time),
        Arrays.stream(updates).map(update -> job(inChunksOf(100, update))).toArray(JobFile[]::new));
  }

  /** Has the controller sleep, and something happen in its sleep. */
  private void before(int iteration, Runnable action) {
    script.onEnter(
        () -> {
          entered++;
          time.sleep(SLEEP);
          if (entered == iteration) {
            action.run();
          }
          return null;
        });
  }

  private static void failOnce(Database database) {
    Rows.run(
        database,
        "CREATE SEQUENCE tries",
        """
        CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('tries') = 3 THEN
            RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = 'once';
          END IF;
          RETURN NULL;
        END $$""",
        "CREATE TRIGGER fail_once AFTER UPDATE ON numbers EXECUTE FUNCTION fail_once()");
  }

  /** Moves all that happened so far into the past: the database's clock cannot be stepped. */
  private static void lieFor(Database database, String interval) {
    for (var column :
        List.of(
            "runs.queued_at",
            "runs.started_at",
            "run_clocks.until",
            "samples.at",
            "batch_job_execution.start_time",
            "batch_job_execution.end_time",
            "batch_step_execution.start_time",
            "batch_step_execution.last_updated",
            "batch_step_execution.end_time")) {
      var parts = column.split("\\.");
      Rows.run(
          database,
          "UPDATE undercurrent.%1$s SET %2$s = %2$s - interval '%3$s'"
              .formatted(parts[0], parts[1], interval));
    }
  }

  private static void awaitMs(Database database, String activity, long ms) {
    Rows.await(
        database,
        "SELECT ms FROM undercurrent.run_times WHERE activity = '%s' AND ms >= %d"
            .formatted(activity, ms));
  }

  private static Map<String, Long> times(Database database) {
    return map(database, "SELECT activity, ms FROM undercurrent.run_times");
  }

  private static Map<String, Long> samples(Database database) {
    return map(
        database,
        "SELECT key, sum(value::bigint) FROM undercurrent.samples, jsonb_each_text(times) GROUP BY key");
  }

  private static Map<String, Long> map(Database database, String sql) {
    var map = new TreeMap<String, Long>();
    database
        .jdbc()
        .sql(sql)
        .query(
            row -> {
              map.put(row.getString(1), row.getLong(2));
            });
    return map;
  }

  private static Map<String, Duration> durations(Map<String, Long> ms) {
    var durations = new TreeMap<String, Duration>();
    ms.forEach((activity, value) -> durations.put(activity, Duration.ofMillis(value)));
    return durations;
  }

  private static @Nullable String work(Database database) {
    return Rows.of(
            database,
            "SELECT sum(items) || ' ' || sum(changed) || ' ' || sum(iterations) FROM undercurrent.samples")
        .get(0);
  }
}
