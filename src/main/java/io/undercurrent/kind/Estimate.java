package io.undercurrent.kind;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What an update comes to, by chunks that were tried in equal parts of its keys.
 *
 * @param rows how many keys it walks over
 * @param matching how many of them it hands to {@code write}
 * @param changed how many rows it changes, or null if that is not known
 * @param chunks how many chunks that takes
 * @param workingMs how long they take by themselves, in ms
 * @param totalMs the same with the controller's waits between them
 * @param wal how much WAL it writes, in bytes, or null if that was not measured
 */
public record Estimate(
    Range rows,
    Range matching,
    @Nullable Range changed,
    Range chunks,
    Range workingMs,
    Range totalMs,
    @Nullable Range wal) {

  /** A chunk's time is never known better than so: caches, checkpoints and others have a part. */
  private static final double LEAST_DOUBT = 0.2;

  /**
   * The estimate, if a chunk succeeded.
   *
   * @param rows how many keys there are
   */
  public static Optional<Estimate> of(List<TriedChunk> tried, Range rows) {
    var done = tried.stream().filter(chunk -> chunk.error() == null && chunk.walked() > 0).toList();
    if (done.isEmpty()) {
      return Optional.empty();
    }
    var chunks = rows.times(rate(done, chunk -> 1));
    var working = rows.times(rate(done, chunk -> ms(chunk.took())).doubted(LEAST_DOUBT));
    var wait = done.stream().mapToDouble(chunk -> ms(chunk.waited())).average().orElse(0);
    return Optional.of(
        new Estimate(
            rows,
            rows.times(rate(done, TriedChunk::matching)),
            ifKnown(done, TriedChunk::changed, TriedChunk::walked).map(rows::times).orElse(null),
            chunks,
            working,
            working.plus(chunks.times(Range.exactly(wait))),
            ifKnown(
                    done,
                    chunk -> chunk.cost() == null ? null : Long.valueOf(chunk.cost().wal()),
                    chunk -> chunk.cost() == null ? 0 : chunk.cost().walked())
                .map(each -> rows.times(each.doubted(LEAST_DOUBT)))
                .orElse(null)));
  }

  private static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  private static Range rate(List<TriedChunk> chunks, ToDoubleFunction<TriedChunk> figure) {
    return Range.around(
        chunks.stream().map(chunk -> figure.applyAsDouble(chunk) / chunk.walked()).toList());
  }

  private static Optional<Range> ifKnown(
      List<TriedChunk> chunks,
      Function<TriedChunk, @Nullable Long> figure,
      Function<TriedChunk, Long> walked) {
    var rates =
        chunks.stream()
            .filter(chunk -> walked.apply(chunk) > 0)
            .map(chunk -> rate(figure.apply(chunk), walked.apply(chunk)))
            .toList();
    return rates.isEmpty() || rates.contains(null)
        ? Optional.empty()
        : Optional.of(Range.around(rates.stream().map(Objects::requireNonNull).toList()));
  }

  private static @Nullable Double rate(@Nullable Long figure, long walked) {
    return figure == null ? null : Double.valueOf((double) figure / walked);
  }

  /**
   * A figure that is not known exactly.
   *
   * @param least at least so much, most probably
   * @param likely the best guess
   * @param most at most so much, most probably
   */
  public record Range(double least, double likely, double most) {

    public static Range exactly(double figure) {
      return new Range(figure, figure, figure);
    }

    /** The mean of what equal parts of all have shown, give or take two standard errors. */
    public static Range around(List<Double> parts) {
      var of = parts.stream().mapToDouble(Double::doubleValue).summaryStatistics();
      var mean = of.getAverage();
      var squares = parts.stream().mapToDouble(part -> (part - mean) * (part - mean)).sum();
      var error = parts.size() < 2 ? 0 : Math.sqrt(squares / (parts.size() - 1) / parts.size());
      return new Range(
          Math.max(of.getMin(), mean - 2 * error), mean, Math.min(of.getMax(), mean + 2 * error));
    }

    /** The same, but no better known than up to a share of it. */
    public Range doubted(double share) {
      return new Range(
          Math.min(least, likely * (1 - share)), likely, Math.max(most, likely * (1 + share)));
    }

    public Range times(Range other) {
      return new Range(least * other.least, likely * other.likely, most * other.most);
    }

    Range plus(Range other) {
      return new Range(least + other.least, likely + other.likely, most + other.most);
    }
  }
}
