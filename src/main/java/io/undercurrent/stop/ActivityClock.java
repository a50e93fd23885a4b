package io.undercurrent.stop;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run spends its time on. Of several lanes, one that works counts before one that is held,
 * and that before one that sleeps; where none is known the run works: it begins, or ends.
 */
public final class ActivityClock {

  private final TimeSource time;
  private final Map<Object, Activity> lanes = new LinkedHashMap<>();
  private final Map<Activity, Duration> spent = new HashMap<>();
  private long since;

  ActivityClock(TimeSource time) {
    this.time = time;
    this.since = time.nanos();
  }

  /** A lane does something else from now on. */
  synchronized void enter(Object lane, Activity activity) {
    count();
    lanes.put(lane, activity);
  }

  /** A lane does nothing from now on that counts: it has ended, or is not wanted at present. */
  synchronized void leave(Object lane) {
    count();
    lanes.remove(lane);
  }

  /** What it does at this moment. */
  public synchronized Activity current() {
    return lanes.values().stream().sorted().findFirst().orElse(Activity.WORKING);
  }

  /** What it has spent its time on since this was last asked, or since it began. */
  public synchronized Map<Activity, Duration> take() {
    count();
    var taken = Map.copyOf(spent);
    spent.clear();
    return taken;
  }

  private void count() {
    var now = time.nanos();
    spent.merge(current(), Duration.ofNanos(now - since), Duration::plus);
    since = now;
  }
}
