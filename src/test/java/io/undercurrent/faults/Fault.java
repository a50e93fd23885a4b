package io.undercurrent.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.Engine;
import java.nio.file.Files;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A case of the fault suite, which reads like one: what is done, what {@code why} has to say
 * meanwhile, how long it lasts, and what ends it. All cases end alike, in {@link #endsWell}.
 */
final class Fault {

  /** How soon an update has to go on after a fault, without anybody's help. */
  private static final Duration RESUMED = Duration.ofSeconds(20);

  /** How soon {@code why} answers, also where the server is down. */
  private static final Duration ANSWERED = Duration.ofSeconds(5);

  private static final Duration ASKED = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longer than a chunk waits for a lock. */
  private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(4);

  private final Scene scene;
  private final String name;
  private final String table;
  private Oracle oracle;
  private int times = 1;
  private boolean everybody;
  private Duration longestTransaction = LONGEST_TRANSACTION;
  private Action fault = () -> {};
  private @Nullable Action end;
  private Duration lasting = Duration.ZERO;
  private @Nullable String cause;
  private Object seed = "";
  private String further = "";
  private Habit habit = Habit.OF_MOST;

  /** Something that is done to a scene. */
  interface Action {
    void run() throws Exception;
  }

  Fault(Scene scene, String name, String table) {
    this.scene = scene;
    this.name = name;
    this.table = table;
    this.oracle = new Oracle(scene::server, table, 2_500);
  }

  /** The table has that many rows rather than a few thousand; a chunk has a hundred of them. */
  Fault rows(int rows) {
    oracle = new Oracle(scene::server, table, rows);
    return this;
  }

  /** The name of the case's table, which is that of its update and of its job as well. */
  String table() {
    return table;
  }

  Oracle oracle() {
    return oracle;
  }

  /** It hits all who use the server: the application sees that as well, and nothing else. */
  Fault hitsEverybody() {
    everybody = true;
    return this;
  }

  /** Our process cannot know, or cannot help it, that a transaction is open for so long. */
  Fault leavesATransactionFor(Duration time) {
    longestTransaction = time;
    return this;
  }

  /** What the job's file says besides, indented as the update's keys are. */
  Fault job(String lines) {
    further = lines;
    return this;
  }

  /** What the application does meanwhile, rather than what most do. */
  Fault besides(Habit habit) {
    this.habit = habit;
    return this;
  }

  /** What is done while the update runs. */
  Fault when(Action action) {
    fault = action;
    return this;
  }

  /** What {@code why} has to contain before the fault ends. */
  Fault why(String text) {
    cause = text;
    return this;
  }

  /** For how long it lasts; or if nothing ends it, how much later the next one comes. */
  Fault lasts(Duration duration) {
    lasting = duration;
    return this;
  }

  /** What ends it, unless it is over as soon as it is done. */
  Fault until(Action action) {
    end = action;
    return this;
  }

  /** It happens that often in a row. */
  Fault times(int count) {
    times = count;
    return this;
  }

  /** What the case's random numbers began with. */
  Fault seed(long number) {
    seed = number;
    System.out.printf("%s: seed %d%n", name, number);
    return this;
  }

  /** Runs the case: the update gets through it, and nothing is wrong afterwards. */
  void endsWell() throws Exception {
    oracle.createTable();
    Files.writeString(scene.jobs.resolve(table + ".yaml"), oracle.job(further));
    var slowest = Duration.ZERO;
    var said = "";
    Application application;
    try (var beside = application = new Application(scene::server, oracle, habit, everybody);
        var observer = new Observer(oracle, longestTransaction)) {
      scene.console().say("start " + table);
      for (var i = 0; i < times; i++) {
        awaitCommits(2);
        assertThat(oracle.isQueued()).as("there is something left to do").isTrue();
        var began = System.nanoTime();
        said = undergo(began);
        var resumed = awaitCommits(1);
        assertThat(resumed).as("resumed after").isLessThan(RESUMED);
        sleepUntil(began + lasting.toNanos());
        slowest = resumed.compareTo(slowest) > 0 ? resumed : slowest;
      }
      Engine.await().atMost(Duration.ofMinutes(30)).until(() -> !oracle.isQueued());
      application.assertUndisturbed();
      observer.assertNothingSeen();
    }
    oracle.assertDone(scene.console());
    Report.add(name, times, seed, slowest, said, application.longest());
  }

  /** The fault from its beginning to its end; returns what was said meanwhile. */
  private String undergo(long began) throws Exception {
    if (end == null) {
      fault.run();
      return awaitCause();
    }
    try {
      fault.run();
      var said = awaitCause();
      sleepUntil(began + lasting.toNanos());
      return said;
    } finally {
      end.run();
    }
  }

  /** Waits until so many more chunks have been committed; returns how long that took. */
  private Duration awaitCommits(int more) {
    var begin = System.nanoTime();
    var before = new long[] {-1};
    Engine.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              var commits = oracle.commits();
              before[0] = before[0] < 0 ? commits : before[0];
              return commits >= before[0] + more || !oracle.isQueued();
            });
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private String awaitCause() {
    var expected = cause;
    if (expected == null) {
      return "";
    }
    var heard = new String[] {""};
    Engine.await()
        .atMost(PATIENCE)
        .pollInterval(ASKED)
        .untilAsserted(
            () -> {
              heard[0] = ask();
              assertThat(heard[0]).contains(expected);
            });
    return heard[0];
  }

  private String ask() {
    var begin = System.nanoTime();
    var answer = scene.console().why();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).as(answer).isLessThan(ANSWERED);
    return answer;
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    Thread.sleep(Math.max(0, (nanos - System.nanoTime()) / 1_000_000));
  }
}
