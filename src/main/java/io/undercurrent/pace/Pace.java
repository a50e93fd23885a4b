package io.undercurrent.pace;

import static java.util.Comparator.comparingDouble;
import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What the latest chunks have cost, from which the next one's size follows. Kept in the step's
 * execution context.
 *
 * <p>The reference divides two averages that move by a tenth each. It takes dozens of iterations to
 * learn, since the first ones, which are small and cold, stay in both for long; and after rows have
 * become dear it goes on with chunks that are far too large. Here an item costs what is
 * <em>usual</em> among the last {@value #MOST} chunks: their median, in which a chunk counts by its
 * duration, so that small ones, which are mostly the fixed cost of an iteration, and single slow
 * ones do not rule. But where the latest chunk overran its target by far, it alone counts: the next
 * is smaller at once. If that was an accident, the next but one is as large as before. And where
 * the latest two were both cheaper, or both dearer, they count.
 *
 * <p>That an iteration has a fixed cost needs no estimate of its own: the size is right where the
 * duration is, and what a duration misses shrinks by the fixed cost's share each time.
 *
 * @param latest the last chunks, the latest last
 * @param done how many of them this process has done, as far as that matters: its first is cold,
 *     and is forgotten as soon as there is another
 */
public record Pace(List<Sample> latest, int done) {

  public static final Pace UNKNOWN = new Pace(List.of(), 0);

  private static final int MOST = 5;

  /** How many times as large as the latest chunk the next one is at most. */
  private static final int GROWTH = 4;

  /** What is no mere noise. */
  private static final double FAR = 1.5;

  /** What is none if two chunks in a row have it. */
  private static final double TWICE = 1.25;

  private static final String SEPARATOR = ",";
  private static final Pattern SAMPLES =
      Pattern.compile("\\d{1,18}:\\d{1,18}(,\\d{1,18}:\\d{1,18})*");

  public Pace {
    latest = List.copyOf(latest);
  }

  /** What an entry of a context says, if it is one. */
  static Optional<Pace> of(Map<String, Object> context, String entry) {
    return context.get(entry) instanceof String text && SAMPLES.matcher(text).matches()
        ? Optional.of(new Pace(Stream.of(text.split(SEPARATOR)).map(Sample::parse).toList(), 0))
        : Optional.empty();
  }

  /** What averages say, which a run has without the last chunks. */
  static Pace ofAverages(Map<String, Object> context, String items, String ms) {
    return context.get(items) instanceof Number average
            && average.doubleValue() > 0
            && context.get(ms) instanceof Number duration
        ? new Pace(
            List.of(
                new Sample(Math.max(1, Math.round(average.doubleValue())), duration.doubleValue())),
            0)
        : UNKNOWN;
  }

  void writeTo(ExecutionContext context, String entry) {
    if (latest.isEmpty()) {
      context.remove(entry);
    } else {
      context.putString(entry, latest.stream().map(Sample::text).collect(joining(SEPARATOR)));
    }
  }

  /** Whether there was no chunk yet; nothing but {@link #plus} may be asked then. */
  public boolean isUnknown() {
    return latest.isEmpty();
  }

  /** With a chunk more; one without items says nothing. */
  public Pace plus(long items, Duration duration) {
    if (items == 0) {
      return this;
    }
    var all = new ArrayList<>(done == 1 ? latest.subList(0, latest.size() - 1) : latest);
    // The server's clock may have been put back meanwhile.
    all.add(new Sample(items, Math.max(0, duration.toNanos()) / 1e6));
    return new Pace(all.subList(Math.max(0, all.size() - MOST), all.size()), Math.min(2, done + 1));
  }

  /**
   * How many items the next chunk may have if it is to be no more than several times the latest.
   */
  public long grown() {
    return GROWTH * last(0).items;
  }

  /** Whether the latest alone counts, as it overran the target by far. */
  public boolean isSlow(double targetMs) {
    return last(0).ms > targetMs && last(0).each() > FAR * usual(targetMs);
  }

  /** How many items a ms has time for. */
  public double itemsPerMs(double targetMs) {
    return 1 / each(targetMs);
  }

  /** How many items the target has time for. */
  public int fitting(Duration target) {
    var targetMs = target.toNanos() / 1e6;
    return isUnknown() ? 0 : (int) Math.min(Integer.MAX_VALUE, targetMs * itemsPerMs(targetMs));
  }

  private double each(double targetMs) {
    if (isSlow(targetMs)) {
      return last(0).each();
    }
    if (isLargestByFar(last(0))) {
      return last(0).each();
    }
    var usual = usual(targetMs);
    var dearer = Math.max(last(0).each(), last(1).each());
    var cheaper = Math.min(last(0).each(), last(1).each());
    return usual > TWICE * dearer || cheaper > TWICE * usual ? last(0).and(last(1)).each() : usual;
  }

  private double usual(double targetMs) {
    var sorted = latest.stream().sorted(comparingDouble(Sample::each)).toList();
    var half = sorted.stream().mapToDouble(sample -> sample.weight(targetMs)).sum() / 2;
    for (var sample : sorted) {
      half -= sample.weight(targetMs);
      if (half <= 0) {
        return sample.each();
      }
    }
    return sorted.get(sorted.size() - 1).each();
  }

  private boolean isLargestByFar(Sample chunk) {
    return latest.stream().allMatch(other -> other == chunk || FAR * other.items <= chunk.items);
  }

  private Sample last(int before) {
    return latest.get(Math.max(0, latest.size() - 1 - before));
  }

  /**
   * A chunk.
   *
   * @param items how many it had
   * @param ms how long it took
   */
  public record Sample(long items, double ms) {

    private static final double LEAST_MS = 0.001;

    static Sample parse(String text) {
      var numbers = text.split(":");
      return new Sample(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]) / 1e3);
    }

    String text() {
      return items + ":" + Math.round(ms * 1e3);
    }

    Sample and(Sample other) {
      return new Sample(items + other.items, ms + other.ms);
    }

    double each() {
      return Math.max(LEAST_MS, ms) / items;
    }

    double weight(double targetMs) {
      return Math.max(LEAST_MS, Math.min(ms, targetMs));
    }
  }
}
