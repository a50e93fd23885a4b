package io.undercurrent.history;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run has done in a span of time: about a minute, or longer if all that it did was wait.
 *
 * @param at the end of the span
 * @param span how long it is
 * @param items what its pace counts
 * @param changed the rows changed, or null if that is not known
 * @param iterations how many were committed
 * @param iterationTime how long they took together
 * @param target how long one was to take at the end of the span, or null if that is not known
 * @param chunkSize how many items one was allowed then, likewise
 * @param times what the span was spent on, by activity: {@code working}, {@code held:slots}
 */
public record Sample(
    Instant at,
    Duration span,
    long items,
    @Nullable Long changed,
    long iterations,
    Duration iterationTime,
    @Nullable Duration target,
    @Nullable Long chunkSize,
    Map<String, Duration> times) {

  /** The begin of the span. */
  public Instant begin() {
    return at.minus(span);
  }

  /** What of it was after a time, as if it had been done evenly; all if it began then or later. */
  public Sample after(Instant time) {
    if (!begin().isBefore(time)) {
      return this;
    }
    var rest = Duration.between(time, at);
    var part = (double) rest.toMillis() / span.toMillis();
    var partOfTimes = new LinkedHashMap<String, Duration>();
    times.forEach((activity, spent) -> partOfTimes.put(activity, part(spent, part)));
    return new Sample(
        at,
        rest,
        Math.round(items * part),
        changed == null ? null : Long.valueOf(Math.round(changed * part)),
        Math.round(iterations * part),
        part(iterationTime, part),
        target,
        chunkSize,
        partOfTimes);
  }

  private static Duration part(Duration duration, double part) {
    return Duration.ofMillis(Math.round(duration.toMillis() * part));
  }
}
