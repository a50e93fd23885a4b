package io.undercurrent.admin.metrics;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** For how long an update has been in each of its states, the present one included. */
final class StateClock {

  private final TimeSource time;
  private final Map<State, Duration> past = new EnumMap<>(State.class);
  private @Nullable State present;
  private long since;

  StateClock(TimeSource time) {
    this.time = time;
  }

  /**
   * Changes to another state.
   *
   * @param state the state, or null for none
   */
  synchronized void enter(@Nullable State state) {
    var now = time.nanos();
    if (present != null) {
      past.merge(present, Duration.ofNanos(now - since), Duration::plus);
    }
    present = state;
    since = now;
  }

  synchronized double seconds(State state) {
    var before = past.getOrDefault(state, Duration.ZERO);
    var all = state == present ? before.plus(time.since(since)) : before;
    return all.toNanos() / 1e9;
  }

  /** What an update in the queue spends its time on. */
  enum State {
    /** The controller holds the next iteration back. */
    SLEEPING,
    /** The database's health holds the next iteration back. */
    HELD,
    /** It may not run: paused, disabled, backing off, given up, or dependent on another one. */
    WAITING,
    /** It runs. */
    WORKING;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
