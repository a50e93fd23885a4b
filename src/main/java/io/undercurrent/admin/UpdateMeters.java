package io.undercurrent.admin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.undercurrent.admin.StateClock.State;
import io.undercurrent.chunk.IterationListener.Iteration;
import java.time.Duration;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/** What is measured of one update while this process runs it. */
final class UpdateMeters {

  private static final Duration[] DURATIONS =
      LongStream.of(
              5, 10, 25, 50, 75, 100, 150, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
              300_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** Close together around the target, which the controller may change with every iteration. */
  private static final double[] RATIOS =
      DoubleStream.of(0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10).toArray();

  private final StateClock clock = new StateClock();
  private final Counter items;
  private final Counter failures;
  private final Timer durations;
  private final DistributionSummary ratios;
  private volatile double chunkSize = Double.NaN;
  private volatile double targetSeconds = Double.NaN;

  UpdateMeters(MeterRegistry registry, String database, String update) {
    var tags = Tags.of("database", database, "update", update);
    this.items =
        Counter.builder("undercurrent.items")
            .description("Items of committed iterations")
            .tags(tags)
            .register(registry);
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
    this.ratios =
        DistributionSummary.builder("undercurrent.iteration.target.ratio")
            .description("How long committed iterations took, as a multiple of their target")
            .serviceLevelObjectives(RATIOS)
            .tags(tags)
            .register(registry);
    Gauge.builder("undercurrent.iteration.target", () -> targetSeconds)
        .description("How long the last iteration was to take; NaN for a one-shot")
        .baseUnit("seconds")
        .tags(tags)
        .register(registry);
    Gauge.builder("undercurrent.chunk.size", () -> chunkSize)
        .description("How many items the last chunk was allowed")
        .tags(tags)
        .register(registry);
    for (var state : State.values()) {
      FunctionCounter.builder("undercurrent.state", clock, each -> each.seconds(state))
          .description("What the update's time in the queue is spent on")
          .baseUnit("seconds")
          .tags(tags.and("state", state.label()))
          .register(registry);
    }
  }

  StateClock clock() {
    return clock;
  }

  void failed() {
    failures.increment();
  }

  void committed(Iteration iteration) {
    items.increment(iteration.items());
    durations.record(iteration.duration());
    chunkSize = iteration.chunkSize();
    var target = iteration.target();
    targetSeconds = target == null ? Double.NaN : seconds(target);
    if (target != null && !target.isZero()) {
      ratios.record(seconds(iteration.duration()) / targetSeconds);
    }
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
