package io.undercurrent.admin.http;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What was seen a moment ago. Requests that come within that moment share one look, so that clients
 * that ask often do not slow the updates down.
 */
public final class SharedLook<T> {

  private final Duration moment;
  private final Supplier<T> eye;
  private Look latest = new Look();

  /**
   * Looks at most so often.
   *
   * @param moment for how long a look is good
   * @param eye takes one
   */
  public SharedLook(Duration moment, Supplier<T> eye) {
    this.moment = moment;
    this.eye = eye;
  }

  public T now() {
    return latest().take();
  }

  private synchronized Look latest() {
    if (latest.isOld()) {
      latest = new Look();
    }
    return latest;
  }

  /** Has the next request look again after a change. Does not wait for a look under way. */
  public synchronized void forget() {
    latest = new Look();
  }

  /** A look, taken by the first request while the others wait for it. */
  private final class Look {

    private volatile long takenAt;
    private volatile @Nullable T seen;

    synchronized T take() {
      @Nullable T known = seen;
      if (known == null) {
        known = eye.get();
        takenAt = System.nanoTime();
        seen = known;
      }
      return known;
    }

    boolean isOld() {
      return seen != null && System.nanoTime() - takenAt >= moment.toNanos();
    }
  }
}
