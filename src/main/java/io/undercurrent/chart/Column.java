package io.undercurrent.chart;

import io.undercurrent.history.Sample;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run has done from one time to another; a sample that is only partly in it counts so. */
public final class Column {

  private final Instant origin;
  private final long begin;
  private final long end;
  private final Map<String, Double> times = new HashMap<>();
  private double covered;
  private double items;
  private double changed;
  private boolean changedUnknown;
  private double iterations;
  private double iterationMs;
  private @Nullable Double target;

  Column(Instant origin, long begin, long end) {
    this.origin = origin;
    this.begin = begin;
    this.end = end;
  }

  /** Adds what lies in this column of a sample that lasted from begin to end, in milliseconds. */
  void add(Sample sample, long sampleBegin, long sampleEnd) {
    var common = Math.min(end, sampleEnd) - Math.max(begin, sampleBegin);
    if (common <= 0) {
      return;
    }
    var part = (double) common / (sampleEnd - sampleBegin);
    covered += common;
    items += sample.items() * part;
    changedUnknown |= sample.changed() == null;
    changed += sample.changed() == null ? 0 : sample.changed() * part;
    iterations += sample.iterations() * part;
    iterationMs += sample.iterationTime().toMillis() * part;
    if (sample.target() != null) {
      target = (double) sample.target().toMillis();
    }
    sample.times().forEach((name, time) -> times.merge(name, time.toMillis() * part, Double::sum));
  }

  public Instant begin() {
    return origin.plusMillis(begin);
  }

  public Instant end() {
    return origin.plusMillis(end);
  }

  /** Items a second of the time that is known of, or null if nothing is. */
  public @Nullable Double itemsPerSecond() {
    return covered == 0 ? null : items * 1000 / covered;
  }

  /** Rows changed a second likewise, or null if that is not known. */
  public @Nullable Double changedPerSecond() {
    return covered == 0 || changedUnknown ? null : changed * 1000 / covered;
  }

  /** How many milliseconds an iteration took on average, or null if there was none. */
  public @Nullable Double iterationTime() {
    return iterations == 0 ? null : iterationMs / iterations;
  }

  /** How many milliseconds one was to take, or null if that is not known. */
  public @Nullable Double target() {
    return target;
  }

  /** How much of its time was spent on an activity, or without a sample: from 0 to 1. */
  public double share(String activity) {
    var length = (double) (end - begin);
    var time =
        activity.equals(Timeline.UNKNOWN) ? length - covered : times.getOrDefault(activity, 0.0);
    return Math.max(0, Math.min(1, time / length));
  }
}
