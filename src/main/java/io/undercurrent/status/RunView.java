package io.undercurrent.status;

import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.status.DatabaseStatus.CountsView;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A run as Spring Batch's tables show it.
 *
 * @param begun whether it was ever started
 * @param active whether a runner has it in hand: an iteration is under way, or waits for the
 *     controller
 * @param completed whether it has done all there was to do
 * @param lanes its workers, one today; none before the first has begun
 * @param quarantined how many of its rows are in quarantine
 */
public record RunView(
    boolean begun, boolean active, boolean completed, List<Lane> lanes, long quarantined) {

  /** One that was never started. */
  public static final RunView NONE = new RunView(false, false, false, List.of(), 0);

  /** What its pace counts: walked keys, or their weights. */
  public long items() {
    return sum(progress -> progress.performance().totalItems());
  }

  public long iterations() {
    return sum(Progress::iterations);
  }

  /** The time that its iterations took, without the controller's sleep. */
  public Duration duration() {
    return duration(total(progress -> progress.performance().totalDurationMs()));
  }

  /** The moving average of all lanes together, or null while nothing was counted. */
  public @Nullable Double itemsPerMs() {
    var paces =
        lanes.stream()
            .map(lane -> lane.progress().performance().averageItemsPerMs())
            .filter(Objects::nonNull)
            .toList();
    return paces.isEmpty() ? null : paces.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** What came of the keys that it walked. */
  public CountsView counts() {
    return new CountsView(
        sum(Progress::rows),
        sumIfKnown(progress -> progress.written().matching()),
        sumIfKnown(progress -> progress.written().changed().total()));
  }

  /** The lane that has committed last, which stands for all where figures do not add up. */
  public Optional<Lane> lane() {
    return lanes.stream()
        .max(
            Comparator.comparing(
                Lane::lastCommit, Comparator.nullsFirst(Comparator.naturalOrder())));
  }

  /** How far it got and how fast, as that lane has noted it. */
  public Progress progress() {
    return lane().map(Lane::progress).orElse(Progress.NONE);
  }

  /** The key of the last row that it has committed, as operators read it; null where none is. */
  public @Nullable String place() {
    return lane().map(Lane::checkpoint).map(Checkpoint::place).orElse(null);
  }

  private long sum(ToLongFunction<Progress> figure) {
    return lanes.stream().map(Lane::progress).mapToLong(figure).sum();
  }

  private double total(ToDoubleFunction<Progress> figure) {
    return lanes.stream().map(Lane::progress).mapToDouble(figure).sum();
  }

  private @Nullable Long sumIfKnown(Function<Progress, @Nullable Long> figure) {
    var sum = 0L;
    for (var lane : lanes) {
      var known = figure.apply(lane.progress());
      if (known == null) {
        return null;
      }
      sum += known;
    }
    return sum;
  }

  static Duration duration(double ms) {
    return Duration.ofNanos((long) (ms * 1e6));
  }
}
