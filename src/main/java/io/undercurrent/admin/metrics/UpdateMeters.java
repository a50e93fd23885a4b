package io.undercurrent.admin.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.undercurrent.admin.metrics.StateClock.State;
import io.undercurrent.iteration.IterationListener.Iteration;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The meters of one update while this process runs it. */
final class UpdateMeters {

  private static final Duration[] DURATIONS =
      LongStream.of(
              5, 10, 25, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
              300_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  /**
   * Close together around the target, which the controller may change with every iteration. In
   * percent: Micrometer's histograms round up to whole numbers.
   */
  private static final double[] PERCENTS = {
    10, 25, 50, 75, 90, 100, 110, 125, 150, 200, 300, 500, 1_000
  };

  /** What is spent so is not held. */
  private static final Set<String> AT_WORK = Set.of("working", "sleeping");

  private final StateClock clock;
  private final TimeSource time;
  private final Set<Thread> working = new HashSet<>();
  private final Counter items;
  private final Counter walked;
  private final Counter matching;
  private final Counter.Builder changed;
  private final MeterRegistry registry;
  private final Counter failures;
  private final Tags tags;
  private final Timer durations;
  private final DistributionSummary percents;
  private volatile double chunkSize = Double.NaN;
  private volatile double targetSeconds = Double.NaN;
  private volatile long queued;

  UpdateMeters(MeterRegistry registry, TimeSource time, String database, String update) {
    this.time = time;
    this.clock = new StateClock(time);
    this.queued = time.nanos();
    this.tags = Tags.of("database", database, "update", update);
    this.items =
        Counter.builder("undercurrent.items")
            .description(
                "Items of committed iterations, as the pace counts them: walked keys, or weights")
            .tags(tags)
            .register(registry);
    this.walked =
        Counter.builder("undercurrent.keys.walked")
            .description("Keys that committed iterations have walked")
            .tags(tags)
            .register(registry);
    this.matching =
        Counter.builder("undercurrent.keys.matching")
            .description("Walked keys that were items to write")
            .tags(tags)
            .register(registry);
    this.registry = registry;
    this.changed =
        Counter.builder("undercurrent.rows.changed")
            .description("Rows that the statements of committed iterations have changed")
            .tags(tags);
    this.failures =
        Counter.builder("undercurrent.failures")
            .description("Executions that failed")
            .tags(tags)
            .register(registry);
    this.durations =
        Timer.builder("undercurrent.iteration.duration")
            .description("How long committed iterations took")
            .serviceLevelObjectives(DURATIONS)
            .tags(tags)
            .register(registry);
    this.percents =
        DistributionSummary.builder("undercurrent.iteration.of.target")
            .description("How long committed iterations took, as a share of their target")
            .baseUnit("percent")
            .serviceLevelObjectives(PERCENTS)
            .tags(tags)
            .register(registry);
    Gauge.builder("undercurrent.iteration.target", () -> targetSeconds)
        .description("Target duration of the last iteration; NaN for a one-shot")
        .baseUnit("seconds")
        .tags(tags)
        .register(registry);
    Gauge.builder("undercurrent.chunk.size", () -> chunkSize)
        .description("How many items the last chunk was allowed")
        .tags(tags)
        .register(registry);
    for (var state : State.values()) {
      FunctionCounter.builder("undercurrent.state", clock, each -> each.seconds(state))
          .description("What the update spends its time in the queue on")
          .baseUnit("seconds")
          .tags(tags.and("state", state.label()))
          .register(registry);
    }
  }

  /** It is in the queue at this moment. */
  void isQueued() {
    queued = time.nanos();
  }

  /** Since when it is not in the queue any more, as far as was seen. */
  Duration gone() {
    return time.since(queued);
  }

  /** Ends its series. */
  void remove() {
    registry.getMeters().stream()
        .filter(meter -> meter.getId().getTags().containsAll(tags.stream().toList()))
        .forEach(registry::remove);
  }

  StateClock clock() {
    return clock;
  }

  /** An execution has begun, whose lanes are others than those of the one before. */
  synchronized void begin() {
    working.clear();
    clock.enter(State.WORKING);
  }

  /** The lane of this thread waits for the controller; the update only if all lanes do. */
  void entering() {
    rest(State.SLEEPING);
  }

  /** The lane of this thread waits for the database to be well, likewise. */
  void held() {
    rest(State.HELD);
  }

  private synchronized void rest(State state) {
    working.remove(Thread.currentThread());
    working.removeIf(lane -> !lane.isAlive());
    if (working.isEmpty()) {
      clock.enter(state);
    }
  }

  /** The lane of this thread works. */
  synchronized void entered() {
    working.add(Thread.currentThread());
    clock.enter(State.WORKING);
  }

  /** The run has spent time on something; what it is held by is counted. */
  void spent(String activity, Duration duration) {
    if (!AT_WORK.contains(activity)) {
      Counter.builder("undercurrent.held")
          .description("Time that its runs were held, by reason")
          .baseUnit("seconds")
          .tags(tags)
          .tag("reason", activity.replaceFirst("^held:", ""))
          .register(registry)
          .increment(seconds(duration));
    }
  }

  void failed() {
    failures.increment();
  }

  void committed(Iteration iteration) {
    items.increment(iteration.counts().items());
    walked.increment(iteration.counts().walked());
    matching.increment(iteration.counts().matching());
    count(iteration.counts().changed().total());
    durations.record(iteration.duration());
    chunkSize = iteration.chunkSize();
    var target = iteration.target();
    targetSeconds = target == null ? Double.NaN : seconds(target);
    if (target != null && !target.isZero()) {
      percents.record(100 * seconds(iteration.duration()) / targetSeconds);
    }
  }

  /** A number that is not known has no series: it would read 0. */
  private void count(@Nullable Long rows) {
    if (rows != null) {
      changed.register(registry).increment(rows);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
