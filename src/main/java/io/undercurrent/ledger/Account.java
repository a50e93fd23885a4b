package io.undercurrent.ledger;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.stop.Activity;
import io.undercurrent.stop.ActivityClock;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What one run has spent its time on since it was first executed. */
final class Account {

  private final String update;
  private final long run;
  private final TimeSource time;
  private final Map<String, Duration> spent = new TreeMap<>();
  private Map<String, Duration> told = Map.of();

  /** The begin of the last span that was written down, and its end. */
  private Mark begin;

  private Mark end;
  private boolean waited = true;
  private @Nullable ActivityClock inHand;
  private String activity;
  private Duration stretch = Duration.ZERO;
  private long since;

  /**
   * One that goes on from a mark.
   *
   * @param activity what the run does
   * @param since since when, by {@link TimeSource#nanos}
   */
  Account(String update, long run, Mark mark, String activity, long since, TimeSource time) {
    this.update = update;
    this.run = run;
    this.begin = mark;
    this.end = mark;
    this.activity = activity;
    this.time = time;
    this.since = since;
    mark.ms().forEach((word, ms) -> spent.put(word, Duration.ofMillis(ms)));
    this.told = Map.copyOf(spent);
  }

  String update() {
    return update;
  }

  long run() {
    return run;
  }

  /** What it had done by the end of the last span. */
  WorkDone work() {
    return end.work();
  }

  /** Whether nothing was executed since the end of the last span. */
  boolean isWaiting() {
    return waited;
  }

  boolean isInHand() {
    return inHand != null;
  }

  /** An execution begins. */
  void begin(ActivityClock execution) {
    count();
    execution.take();
    inHand = execution;
    activity = Activity.WORKING.word();
    stretch = Duration.ZERO;
    waited = false;
  }

  /** It has ended, and counts as work until what comes next is known. */
  void end() {
    count();
    inHand = null;
    since = time.nanos();
  }

  /** Between executions it waits for something else from now on. */
  void waitFor(String reason) {
    if (inHand == null) {
      count();
      activity = reason;
      stretch = Duration.ZERO;
    }
  }

  /** Adds what nobody has counted. */
  void add(String word, Duration duration) {
    spent.merge(word, duration, Duration::plus);
  }

  /** Nobody is told of what was spent up to now. */
  void passOver() {
    told = Map.copyOf(spent);
  }

  /** Counts up to now. */
  void count() {
    if (inHand != null) {
      var done = inHand.take();
      done.forEach((what, duration) -> add(what.word(), duration));
      stretch = stretch.plus(done.getOrDefault(Activity.WORKING, Duration.ZERO));
      return;
    }
    var now = time.nanos();
    var waits = Duration.ofNanos(now - since);
    add(activity, waits);
    stretch = stretch.plus(waits);
    since = now;
  }

  /** Takes back what was counted after the run had ended, since the last look at it. */
  void trim(Duration excess) {
    count();
    spent.merge(activity, excess.compareTo(stretch) < 0 ? excess : stretch, Duration::minus);
  }

  /** Says what was spent since this was last called. */
  void tell(BiConsumer<String, Duration> listener) {
    count();
    spent.forEach(
        (word, all) -> {
          var more = all.minus(told.getOrDefault(word, Duration.ZERO));
          if (more.compareTo(Duration.ZERO) > 0) {
            listener.accept(word, more);
          }
        });
    passOver();
  }

  /**
   * The span that was counted since the last one; if that was nothing but a wait, which goes on,
   * both together.
   *
   * @param at when it ends, or null for now
   */
  Entry entry(
      WorkDone work, @Nullable ChunkSize chunk, @Nullable OffsetDateTime at, boolean ended) {
    var ms = new TreeMap<String, Long>();
    spent.forEach(
        (word, duration) -> {
          if (duration.toMillis() > 0) {
            ms.put(word, duration.toMillis());
          }
        });
    var together = new Entry(update, run, begin, at, ms, work, chunk, ended);
    return waited && together.times().size() == 1
        ? together
        : new Entry(update, run, end, at, ms, work, chunk, ended);
  }

  /** A span was written down. */
  void written(Entry entry, OffsetDateTime until) {
    begin = entry.from();
    end = new Mark(until, entry.ms(), entry.work());
    waited = inHand == null;
  }
}
