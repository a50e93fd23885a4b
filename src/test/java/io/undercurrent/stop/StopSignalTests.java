package io.undercurrent.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.time.TimeSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class StopSignalTests {

  private final StopSignal stop = new StopSignal(TimeSource.SYSTEM);

  @Test
  void keepsTheFirstReason() {
    assertThat(stop.reason()).isNull();

    stop.stop("paused");
    stop.stop("the process shuts down");

    assertThat(stop.reason()).isEqualTo("paused");
  }

  @Test
  void cutsEvenWhatWasToStopAtABoundary() {
    stop.stop("paused");
    assertThat(stop.cutReason()).isNull();

    stop.cut("cancelled");

    assertThat(stop.cutReason()).isEqualTo("cancelled");
    assertThat(stop.reason()).isEqualTo("paused");
  }

  @Test
  void stopsAllLanes() {
    var before = stop.beginLane();
    stop.stop("paused");
    var after = stop.beginLane();
    stop.cut("cancelled");

    assertThat(before.reason()).isEqualTo("paused");
    assertThat(after.reason()).isEqualTo("paused");
    assertThat(before.cutReason()).isEqualTo("cancelled");
    assertThatThrownBy(after::passBoundary).isInstanceOf(StopAtBoundaryException.class);
  }

  @Test
  void leavesOtherLanesAloneWhenOneStops() {
    var lane = stop.beginLane();
    var other = stop.beginLane();

    lane.stop("no");

    assertThat(stop.reason()).isNull();
    assertThat(other.reason()).isNull();
  }

  @Test
  void waitsWhenAllLanesDoThatAreNotHeld() throws Exception {
    var lane = stop.beginLane();
    var other = stop.beginLane();

    lane.interruptibly(
        () -> {
          assertThat(stop.waitingSince()).isEmpty();
          assertThat(stop.lanesAtWork()).isEqualTo(1);
          other.hold(true);
          assertThat(stop.waitingSince()).isPresent();
          return "";
        });
    assertThat(stop.waitingSince()).isEmpty();
  }

  @Test
  void endsTheHoldOfALaneWithAStop() {
    var lane = stop.beginLane();
    lane.hold(true);
    new Thread(() -> stop.stop("paused")).start();

    assertThatThrownBy(lane::passBoundary).hasMessage("paused");
  }

  @Test
  void wakesWhoWaits() {
    var waiting = new CountDownLatch(1);
    var stopper =
        new Thread(
            () -> {
              awaitUninterruptibly(waiting);
              stop.stop("paused");
            });
    stopper.start();

    assertThatThrownBy(
            () ->
                stop.interruptibly(
                    () -> {
                      waiting.countDown();
                      new CountDownLatch(1).await();
                      return "never";
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void letsNobodyWaitOnceThereIsAReason() {
    stop.stop("paused");

    assertThatThrownBy(() -> stop.interruptibly(() -> "never"))
        .isInstanceOf(InterruptedException.class)
        .hasMessage("paused");
  }

  @Test
  void leavesNoInterruptBehindWhereTheWaitIgnoredIt() throws Exception {
    var result =
        stop.interruptibly(
            () -> {
              stop.stop("paused");
              return Thread.currentThread().isInterrupted();
            });

    assertThat(result).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
