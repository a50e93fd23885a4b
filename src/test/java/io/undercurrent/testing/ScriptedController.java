package io.undercurrent.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.Controller;
import io.undercurrent.controller.OnUpdate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A controller that writes down what it is asked and does what a test wants in between. */
public final class ScriptedController implements OnUpdate {

  public final List<String> events = new CopyOnWriteArrayList<>();
  private final Semaphore entered = new Semaphore(0);
  private Duration target = Duration.ofMillis(100);
  private int defaultBatchSize = 100;
  private int minBatchSize = 100;
  private Callable<@Nullable Void> onEnter = () -> null;

  public ScriptedController target(Duration target) {
    this.target = target;
    return this;
  }

  public ScriptedController batchSizes(int defaultBatchSize, int minBatchSize) {
    this.defaultBatchSize = defaultBatchSize;
    this.minBatchSize = minBatchSize;
    return this;
  }

  /** Runs inside enter, which is where a controller sleeps. */
  public ScriptedController onEnter(Callable<@Nullable Void> onEnter) {
    this.onEnter = onEnter;
    return this;
  }

  /** Runs inside enter, once, before the iteration of that number. */
  public ScriptedController atIteration(int number, Action action) {
    var entered = new AtomicInteger();
    return onEnter(
        () -> {
          if (entered.incrementAndGet() == number) {
            action.run();
          }
          return null;
        });
  }

  /** A sleep of the controller that only a stop ends. */
  public static void sleep() throws InterruptedException {
    new CountDownLatch(1).await();
  }

  /** What a test does between two iterations. */
  @FunctionalInterface
  public interface Action {
    void run() throws Exception;
  }

  /** Iterations begin when a test lets them. */
  public ScriptedController waitingFor(Semaphore permits) {
    return onEnter(
        () -> {
          permits.acquire();
          return null;
        });
  }

  /** Waits until the iteration of that number is about to begin: those before it are committed. */
  public void awaitIteration(int number) throws InterruptedException {
    assertThat(entered.tryAcquire(number, 1, TimeUnit.MINUTES)).isTrue();
    entered.release(number);
  }

  public Controller controller() {
    return new Controller(
        this,
        (update, database) -> defaultBatchSize,
        (update, database) -> minBatchSize,
        "the script");
  }

  @Override
  public Iteration onUpdate(String updateName, String databaseName, boolean oneShot) {
    events.add("on_update " + updateName + " " + databaseName + " " + oneShot);
    return new Iteration() {
      @Override
      public Duration enter() throws InterruptedException {
        events.add("enter");
        entered.release();
        try {
          onEnter.call();
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
        return target;
      }

      @Override
      public void exit(@Nullable Throwable failure) {
        events.add(failure == null ? "exit" : "exit " + failure.getMessage());
      }
    };
  }
}
