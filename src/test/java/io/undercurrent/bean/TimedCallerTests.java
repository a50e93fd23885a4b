package io.undercurrent.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undercurrent.failure.BeanFailedException;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimedCallerTests {

  private static final Duration SHORT = Duration.ofMillis(50);

  private final BeanCaller caller = caller("ship", Duration.ofMinutes(1));

  private static BeanCaller caller(String bean, Duration timeout) {
    return BeanCaller.limited(bean, "master", timeout, TimeSource.SYSTEM);
  }

  @Test
  void returnsWhatTheBeanReturns() {
    assertThat(caller.<String>call(() -> "result")).isEqualTo("result");
    assertThat(caller.<String>call(() -> Thread.currentThread().getName())).isEqualTo("bean ship");
  }

  @Test
  void saysWhatTheBeanThrows() {
    assertThatThrownBy(
            () ->
                caller.call(
                    () -> {
                      throw new IOException("503\n  Service Unavailable");
                    }))
        .isInstanceOf(BeanFailedException.class)
        .hasMessage("bean 'ship' failed: IOException: 503 Service Unavailable")
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(
            () ->
                caller.call(
                    () -> {
                      throw new NoClassDefFoundError("com/acme/Client");
                    }))
        .hasMessage("bean 'ship' failed: NoClassDefFoundError: com/acme/Client");
    assertThatThrownBy(
            () ->
                caller.call(
                    () -> {
                      throw new StopAtBoundaryException("paused");
                    }))
        .isInstanceOf(StopAtBoundaryException.class);
  }

  @Test
  void interruptsWhatTakesTooLong() {
    var interrupted = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                caller("ship", SHORT)
                    .call(
                        () -> {
                          try {
                            new CountDownLatch(1).await();
                          } finally {
                            interrupted.countDown();
                          }
                          return true;
                        }))
        .hasMessage("bean 'ship' took longer than 50 ms");
    assertThat(interrupted.getCount()).isZero();
    assertThat(caller("ship", SHORT).<Integer>call(() -> 1)).isEqualTo(1);
  }

  @Test
  void neverCallsABeanTwiceAtOnceThatIgnoresTheInterruption() {
    var calls = new AtomicInteger();
    var released = new CountDownLatch(1);
    var stubborn = caller("stubborn", SHORT);
    assertThatThrownBy(() -> stubborn.call(() -> ignoreInterruptions(calls, released)))
        .isInstanceOf(BeanFailedException.class);

    // Not in another execution either.
    assertThatThrownBy(() -> caller("stubborn", SHORT).call(calls::incrementAndGet))
        .isInstanceOf(HopelessException.class)
        .hasMessage(
            "expected bean 'stubborn' to return when it is interrupted after 50 ms, found it still at work; it is not called again before it returns. Have it react to interruption, restart this process, then: retry");
    assertThat(calls).hasValue(1);
    assertThat(caller("other", SHORT).<Integer>call(() -> 1)).isEqualTo(1);

    released.countDown();
    assertThat(caller("stubborn", Duration.ofMinutes(1)).call(calls::incrementAndGet)).isEqualTo(2);
  }

  private static boolean ignoreInterruptions(AtomicInteger calls, CountDownLatch released) {
    calls.incrementAndGet();
    while (true) {
      try {
        released.await();
        return true;
      } catch (InterruptedException e) {
        // as if nothing had happened
      }
    }
  }

  @Test
  void passesTheInterruptionOfItsCallerOn() throws Exception {
    var begun = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var thread =
        new Thread(
            () ->
                caller.call(
                    () -> {
                      begun.countDown();
                      try {
                        new CountDownLatch(1).await();
                      } finally {
                        interrupted.countDown();
                      }
                      return true;
                    }));
    thread.setUncaughtExceptionHandler((of, e) -> {});
    thread.start();
    begun.await();

    thread.interrupt();

    interrupted.await();
    thread.join();
  }
}
