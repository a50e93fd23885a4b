package io.undercurrent.chart;

import static java.util.Comparator.comparing;

import io.undercurrent.history.RunTimes;
import io.undercurrent.history.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a run in columns of equal length.
 *
 * @param from the begin of the first column
 * @param to the end of the last one
 * @param columns at least one
 * @param times what the time was spent on, by activity, in the order in which to show them
 */
public record Timeline(
    Instant from, Instant to, List<Column> columns, Map<String, Duration> times) {

  /** The time of which there is no sample: no process worked on the run, or it could write none. */
  public static final String UNKNOWN = "not recorded";

  /** Of clocks that differ, and of rounding. */
  private static final Duration SHORTEST_GAP = Duration.ofSeconds(5);

  /** What was done for a smaller part of the time, one in so many, is not to be seen. */
  private static final int SEEN = 1000;

  /** Changed rows that differ from the items by less are the same curve. */
  private static final double SAME = 0.01;

  /** A smaller share of a column's time is not to be seen. */
  public static final double UNSEEN = 0.005;

  /** How few samples make no curve. */
  public static final int TOO_FEW = 1;

  /**
   * Puts samples into columns.
   *
   * @param samples more than {@link #TOO_FEW}, the oldest first
   * @param most how many columns at most
   */
  public static Timeline of(List<Sample> samples, int most) {
    var from = samples.stream().map(Sample::begin).min(comparing(begin -> begin)).orElseThrow();
    var to = samples.stream().map(Sample::at).max(comparing(end -> end)).orElseThrow();
    var length = Math.max(1, Duration.between(from, to).toMillis());
    var number = (int) Math.max(1, Math.min(most, length));
    var columns =
        IntStream.range(0, number)
            .mapToObj(i -> new Column(from, length * i / number, length * (i + 1) / number))
            .toList();
    for (var sample : samples) {
      var begin = Duration.between(from, sample.begin()).toMillis();
      var end = Duration.between(from, sample.at()).toMillis();
      var last = Math.min(number - 1, (int) (end * number / length));
      for (var i = (int) (begin * number / length); i <= last; i++) {
        columns.get(i).add(sample, begin, end);
      }
    }
    return new Timeline(from, to, columns, times(samples, Duration.between(from, to)));
  }

  private static Map<String, Duration> times(List<Sample> samples, Duration length) {
    var sums = new HashMap<String, Duration>();
    samples.forEach(
        sample -> sample.times().forEach((name, time) -> sums.merge(name, time, Duration::plus)));
    var times = new LinkedHashMap<>(new RunTimes(sums).parts());
    times.values().removeIf(time -> time.multipliedBy(SEEN).compareTo(length) < 0);
    var covered = samples.stream().map(Sample::span).reduce(Duration.ZERO, Duration::plus);
    var missing = length.minus(covered);
    if (missing.compareTo(SHORTEST_GAP) > 0) {
      times.put(UNKNOWN, missing);
    }
    return times;
  }

  /** An activity as it is read: {@code held by slots}, {@code no runner}. */
  public static String words(String activity) {
    return activity.equals(UNKNOWN) ? UNKNOWN : RunTimes.words(activity);
  }

  /** How long a column is. */
  public Duration columnLength() {
    return Duration.between(from, to).dividedBy(columns.size());
  }

  /** The greatest value of a curve; 0 if it has none. */
  public double greatest(Function<Column, @Nullable Double> curve) {
    return columns.stream()
        .map(curve)
        .mapToDouble(value -> value == null ? 0 : value)
        .max()
        .orElse(0);
  }

  /** Whether rows were changed at another rate than items were counted, as far as known. */
  public boolean changedOtherwise() {
    var greatest = greatest(Column::itemsPerSecond);
    return columns.stream()
        .anyMatch(
            column -> {
              var items = column.itemsPerSecond();
              var changed = column.changedPerSecond();
              return items != null
                  && changed != null
                  && Math.abs(items - changed) > greatest * SAME;
            });
  }

  /** The target of the newest iterations, or null if it is not known. */
  public @Nullable Double lastTarget() {
    Double last = null;
    for (var column : columns) {
      last = column.target() == null ? last : column.target();
    }
    return last;
  }
}
