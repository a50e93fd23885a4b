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
