package io.undercurrent.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undercurrent.testing.SteppedTime;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ActivityClockTests {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SteppedTime time = new SteppedTime();
  private final StopSignal run = new StopSignal(time);

  @AfterEach
  void endLanes() {
    run.stop("the test ends");
  }

  @Test
  void countsWhatALaneDoes() throws Exception {
    time.pass(SECOND);
    run.interruptibly(() -> pass(2));
    run.pause(SECOND.multipliedBy(4));
    time.pass(SECOND);

    assertThat(spent()).isEqualTo(Map.of("working", 2L, "sleeping", 2L, "backing-off", 4L));
    time.pass(SECOND);
    assertThat(spent()).isEqualTo(Map.of("working", 1L));
  }

  @Test
  void namesWhatHoldsTheLane() {
    run.brake("replication-lag");
    inBackground(run::awaitRelease, "held:replication-lag");
    time.pass(SECOND);
    run.brake("slots");
    awaitActivity("held:slots");
    time.pass(SECOND.multipliedBy(2));
    run.brake(null);
    awaitActivity("working");

    assertThat(spent()).isEqualTo(Map.of("held:replication-lag", 1L, "held:slots", 2L));
  }

  @Test
  void countsOneLaneThatWorksBeforeThoseThatWait() throws Exception {
    var sleeper = run.beginLane();
    var worker = run.beginLane();

    sleeper.interruptibly(() -> pass(1));
    assertThat(spent()).isEqualTo(Map.of("working", 1L));

    run.endLane(worker);
    sleeper.interruptibly(() -> pass(2));
    assertThat(spent()).isEqualTo(Map.of("sleeping", 2L));
  }

  @Test
  void doesNotTakeALaneThatIsNotWantedForOneThatWorks() throws Exception {
    var wanted = run.beginLane();
    var superfluous = run.beginLane();
    superfluous.hold(true);
    var thread = inBackground(superfluous::passBoundary, "working");
    await().until(() -> thread.getState() == Thread.State.WAITING);

    wanted.interruptibly(() -> pass(3));
    assertThat(spent()).isEqualTo(Map.of("sleeping", 3L));

    superfluous.hold(false);
    thread.join();
    wanted.interruptibly(() -> pass(1));
    assertThat(spent()).isEqualTo(Map.of("working", 1L));
  }

  @Test
  void leavesNothingOutHoweverOftenItIsAsked() {
    for (var i = 0; i < 1_000; i++) {
      time.pass(Duration.ofNanos(1_000_001));
      run.activities().current();
    }

    assertThat(run.activities().take().get(Activity.WORKING))
        .isEqualTo(Duration.ofNanos(1_000_001_000));
  }

  private Thread inBackground(Runnable wait, String activity) {
    var thread =
        new Thread(
            () -> {
              try {
                wait.run();
              } catch (StopAtBoundaryException e) {
                // the test ends
              }
            });
    thread.start();
    awaitActivity(activity);
    return thread;
  }

  private void awaitActivity(String word) {
    await().until(() -> run.activities().current().word().equals(word));
  }

  private Void pass(int seconds) {
    time.pass(SECOND.multipliedBy(seconds));
    return null;
  }

  private Map<String, Long> spent() {
    return run.activities().take().entrySet().stream()
        .filter(entry -> !entry.getValue().isZero())
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().word(),
                entry -> entry.getValue().toSeconds(),
                Long::sum,
                TreeMap::new));
  }
}
