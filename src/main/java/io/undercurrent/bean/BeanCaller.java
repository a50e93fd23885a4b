package io.undercurrent.bean;

import io.undercurrent.failure.BeanFailedException;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** How a bean is called. */
public interface BeanCaller {

  /**
   * Calls it.
   *
   * @throws BeanFailedException if it throws anything
   */
  <T extends @Nullable Object> T call(Callable<T> work);

  /** On the caller's thread, for as long as it takes. */
  static BeanCaller direct(String bean) {
    return new BeanCaller() {
      @Override
      public <T extends @Nullable Object> T call(Callable<T> work) {
        try {
          return work.call();
        } catch (Throwable e) {
          throw failed(bean, e);
        }
      }
    };
  }

  /**
   * On a thread of its own, for a limited time.
   *
   * @param database the database of the update: a bean is called once at a time for each
   */
  static BeanCaller limited(String bean, String database, Duration timeout, TimeSource time) {
    return new TimedCaller(bean, database, timeout, time);
  }

  /** What a bean throws, as its failure; a stop is none and is thrown on. */
  static BeanFailedException failed(String bean, Throwable thrown) {
    if (thrown instanceof StopAtBoundaryException stop) {
      throw stop;
    }
    return thrown instanceof BeanFailedException failure
        ? failure
        : new BeanFailedException(bean, thrown);
  }
}
