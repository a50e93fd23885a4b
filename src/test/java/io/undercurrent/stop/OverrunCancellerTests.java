package io.undercurrent.stop;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.SteppedTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OverrunCancellerTests {

  private static final Duration TARGET = Duration.ofMillis(100);
  private static final Duration TICK = Duration.ofNanos(1);

  private final SteppedTime time = new SteppedTime();
  private final AtomicInteger cancels = new AtomicInteger();

  @Test
  void cancelsAgainButNoMoreOftenForBeingAskedAgain() {
    try (var cut = new OverrunCanceller(Duration.ZERO, cancels::incrementAndGet, time)) {
      for (int i = 0; i < 20; i++) {
        cut.ask();
      }
      time.pass(OverrunCanceller.AGAIN.multipliedBy(5).minus(TICK));
      assertThat(cancels).hasValue(5);
      time.pass(TICK);

      assertThat(cancels).hasValue(6);
      assertThat(cut.made()).isTrue();
    }
  }

  @Test
  void letsAnIterationTakeTwiceItsTarget() {
    try (var cut = new OverrunCanceller(TARGET, cancels::incrementAndGet, time)) {
      time.pass(TARGET);
      cut.ask();
      time.pass(TARGET.minus(TICK));
      assertThat(cut.made()).isFalse();
      time.pass(TICK);

      assertThat(cut.made()).isTrue();
      assertThat(cancels).hasValue(1);
    }
  }

  @Test
  void cancelsNothingAfterTheIteration() {
    var cut = new OverrunCanceller(TARGET, cancels::incrementAndGet, time);
    cut.ask();
    cut.close();
    time.pass(TARGET.multipliedBy(2));

    assertThat(cut.made()).isFalse();
    assertThat(cancels).hasValue(0);
  }
}
