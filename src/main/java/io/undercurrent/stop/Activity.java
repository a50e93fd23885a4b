package io.undercurrent.stop;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a lane does.
 *
 * @param kind the sort of it
 * @param reason what holds it, or null: the name of a signal of the database's health
 */
public record Activity(Kind kind, @Nullable String reason) implements Comparable<Activity> {

  public static final Activity WORKING = new Activity(Kind.WORKING, null);
  public static final Activity SLEEPING = new Activity(Kind.SLEEPING, null);
  public static final Activity BACKING_OFF = new Activity(Kind.BACKING_OFF, null);

  private static final Comparator<Activity> ORDER =
      Comparator.comparing(Activity::kind)
          .thenComparing(activity -> activity.reason == null ? "" : activity.reason);

  /** It waits until a signal is well again. */
  static Activity held(String signal) {
    return new Activity(Kind.HELD, signal);
  }

  /** As it is written down: {@code working}, {@code held:replication-lag}. */
  public String word() {
    var word = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return reason == null ? word : word + ":" + reason;
  }

  @Override
  public int compareTo(Activity other) {
    return ORDER.compare(this, other);
  }

  /** The sorts, in the order in which one of several lanes counts for all. */
  public enum Kind {
    /** It is in an iteration, or gets ready for one. */
    WORKING,
    /** It waits for the database to be well. */
    HELD,
    /** It waits before it tries again. */
    BACKING_OFF,
    /** The controller has it wait. */
    SLEEPING
  }
}
