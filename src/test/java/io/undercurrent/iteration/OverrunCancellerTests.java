package io.undercurrent.iteration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OverrunCancellerTests {

  private static final int CANCELS = 6;

  private final CountDownLatch cancels = new CountDownLatch(CANCELS);

  @Test
  void cancelsAgainButNoMoreOftenForBeingAskedAgain() throws Exception {
    try (var cut = new OverrunCanceller(Duration.ZERO, cancels::countDown)) {
      var start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        cut.ask();
      }
      cancels.await();

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(OverrunCanceller.AGAIN.multipliedBy(CANCELS - 1));
      assertThat(cut.made()).isTrue();
    }
  }
}
