package io.undercurrent.bean;

import io.undercurrent.failure.BeanFailedException;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls a bean on a thread of its own, which is interrupted when time is up. A call that ignores
 * that is left behind, and the bean is not called again before it returns.
 */
final class TimedCaller implements BeanCaller {

  /** How long a call may take to notice that it is interrupted. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Calls outlive the executions that they were made for. */
  private static final Map<Bean, Call<?>> LEFT_BEHIND = new ConcurrentHashMap<>();

  private final Bean bean;
  private final Duration timeout;
  private final TimeSource time;

  TimedCaller(String bean, String database, Duration timeout, TimeSource time) {
    this.bean = new Bean(bean, database);
    this.timeout = timeout;
    this.time = time;
  }

  @Override
  public <T extends @Nullable Object> T call(Callable<T> work) {
    awaitLeftBehind();
    var call = new Call<>(work, bean.name);
    call.thread.start();
    if (call.await(timeout, time)) {
      return call.result();
    }
    call.thread.interrupt();
    if (!call.await(GRACE, time)) {
      LEFT_BEHIND.put(bean, call);
    }
    throw new BeanFailedException(bean.name, "took longer than " + words(timeout), null);
  }

  private void awaitLeftBehind() {
    var call = LEFT_BEHIND.get(bean);
    if (call == null) {
      return;
    }
    if (!call.await(timeout, time)) {
      throw new HopelessException(
          "expected bean '%s' to return when it is interrupted after %s, found it still at work; it is not called again before it returns. Have it react to interruption, restart this process, then: retry"
              .formatted(bean.name, words(timeout)));
    }
    LEFT_BEHIND.remove(bean);
  }

  private static String words(Duration timeout) {
    return timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
  }

  private record Bean(String name, String database) {}

  /** One call of a bean; whoever waits for its end waits on it. */
  private static final class Call<T extends @Nullable Object> implements Runnable {

    private final Thread thread;
    private final Callable<T> work;
    private final String bean;
    private @Nullable T result;
    private @Nullable Throwable thrown;
    private boolean over;

    Call(Callable<T> work, String bean) {
      this.work = work;
      this.bean = bean;
      this.thread = new Thread(this, "bean " + bean);
      thread.setDaemon(true);
    }

    @Override
    public void run() {
      @Nullable T returned = null;
      Throwable failure = null;
      try {
        returned = work.call();
      } catch (Throwable e) {
        failure = e;
      }
      end(returned, failure);
    }

    private synchronized void end(@Nullable T returned, @Nullable Throwable failure) {
      result = returned;
      thrown = failure;
      over = true;
      notifyAll();
    }

    /** Waits for its end; false if that has not come in time. */
    synchronized boolean await(Duration limit, TimeSource time) {
      var begin = time.nanos();
      try {
        while (!over) {
          var left = limit.minus(time.since(begin));
          if (left.isZero() || left.isNegative()) {
            return false;
          }
          time.await(this, left);
        }
        return true;
      } catch (InterruptedException e) {
        thread.interrupt();
        Thread.currentThread().interrupt();
        throw new StopAtBoundaryException("interrupted", e);
      }
    }

    // It may be null only if T may be.
    @SuppressWarnings("NullAway")
    synchronized T result() {
      if (thrown != null) {
        throw BeanCaller.failed(bean, thrown);
      }
      return result;
    }
  }
}
