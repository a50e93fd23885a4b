package io.undercurrent.status;

import io.undercurrent.history.RunTimes;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.status.DatabaseStatus.CountsView;
import io.undercurrent.status.Slice.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run as Spring Batch's tables show it.
 *
 * @param begun whether it was ever started
 * @param active whether a runner has it in hand: an iteration is under way, or waits for the
 *     controller
 * @param completed whether it has done all there was to do
 * @param lanes what its parts have come to, in the order of the key; none before the first has
 *     begun
 * @param quarantined how many of its rows are in quarantine
 * @param wanted how many of its slices are to be worked on at a time
 * @param spent what it has spent its time on, or null if nobody has counted it
 */
public record RunView(
    boolean begun,
    boolean active,
    boolean completed,
    List<Lane> lanes,
    long quarantined,
    int wanted,
    @Nullable Spent spent) {

  private static final Comparator<Lane> BY_LAST_COMMIT =
      Comparator.comparing(Lane::lastCommit, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** One that was never started. */
  public static final RunView NONE = new RunView(false, false, false, List.of(), 0);

  /** One in one lane. */
  public RunView(
      boolean begun, boolean active, boolean completed, List<Lane> lanes, long quarantined) {
    this(begun, active, completed, lanes, quarantined, 1, null);
  }

  /** The same, of which so many slices are to be worked on at a time; the others are held. */
  RunView inLanes(int number) {
    var held =
        lanes.stream()
            .filter(lane -> lane.is(State.AT_WORK))
            .sorted(RunView::latestFirst)
            .skip(number)
            .collect(Collectors.toSet());
    return new RunView(
        begun,
        active,
        completed,
        lanes.stream().map(lane -> held.contains(lane) ? lane.held() : lane).toList(),
        quarantined,
        number,
        spent);
  }

  /**
   * The same as of now; the pace of its lanes is that without what the database's health held them.
   *
   * @param activity what it does since its time was counted last
   */
  RunView asOf(Instant now, String activity) {
    if (spent == null) {
      return this;
    }
    var since = sinceLastCommit(now).orElseGet(() -> spent.sinceCounted(now));
    var counted = spent.asOf(now, activity, duration(), since);
    var held = RunTimes.isBraked(activity) ? since : Duration.ZERO;
    return new RunView(
        begun,
        active,
        completed,
        lanes.stream().map(lane -> lane.in(counted.shareAtWork(held))).toList(),
        quarantined,
        wanted,
        counted);
  }

  private Optional<Duration> sinceLastCommit(Instant now) {
    return lanes.stream()
        .map(Lane::lastCommit)
        .filter(Objects::nonNull)
        .max(Comparator.naturalOrder())
        .map(commit -> Duration.between(commit, now));
  }

  /** One that has just begun has committed nothing yet. */
  private static int latestFirst(Lane one, Lane other) {
    return Comparator.comparing(
            Lane::lastCommit, Comparator.nullsFirst(Comparator.<Instant>reverseOrder()))
        .compare(one, other);
  }

  /** Its slices, if it was cut. */
  public List<Lane> slices() {
    return lanes.stream().filter(lane -> lane.slice() != null).toList();
  }

  /** Whether it was cut into slices. */
  public boolean isCut() {
    return !slices().isEmpty();
  }

  /** How many slices are in one of some states. */
  public long count(State... states) {
    return lanes.stream().filter(lane -> lane.is(states)).count();
  }

  /** The key after which a slice begins, or null for the first of the run. */
  public @Nullable List<String> beginOf(Lane slice) {
    var before = lanes.indexOf(slice) - 1;
    return before < 0 ? null : lanes.get(before).end();
  }

  /** The lanes at work; where none is, those that have begun and are not done. */
  public List<Lane> workers() {
    if (!isCut()) {
      return lanes;
    }
    var atWork = lanes.stream().filter(lane -> lane.is(State.AT_WORK)).toList();
    return atWork.isEmpty()
        ? lanes.stream()
            .filter(lane -> lane.is(State.HELD, State.STOPPED, State.FAILED) && lane.begun())
            .toList()
        : atWork;
  }

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

  /**
   * The moving average of all lanes at work together, or null while nothing was counted. Of one
   * that has counted nothing yet it says what the others do.
   */
  public @Nullable Double itemsPerMs() {
    var workers = workers().isEmpty() ? lane().stream().toList() : workers();
    var paces = workers.stream().map(Lane::itemsPerMs).filter(Objects::nonNull).toList();
    return paces.isEmpty()
        ? null
        : paces.stream().mapToDouble(Double::doubleValue).average().orElse(0)
            * Math.min(workers.size(), isCut() ? wanted : 1);
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
    return lanes.stream().reduce((one, next) -> isLater(one, next) ? one : next);
  }

  private static boolean isLater(Lane one, Lane next) {
    return one.begun() && (!next.begun() || BY_LAST_COMMIT.compare(one, next) > 0);
  }

  /** How far it got and how fast, as that lane has noted it. */
  public Progress progress() {
    return lane().map(Lane::progress).orElse(Progress.NONE);
  }

  /**
   * The key of the last row that it has committed, as operators read it; null where none is, and
   * where it has gone on in several places.
   */
  public @Nullable String place() {
    return isCut() ? null : lane().map(Lane::checkpoint).map(Checkpoint::place).orElse(null);
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
