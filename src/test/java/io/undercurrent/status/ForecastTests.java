package io.undercurrent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.controller.Performance;
import io.undercurrent.history.RunTimes;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Checkpoint;
import io.undercurrent.iteration.Progress;
import io.undercurrent.iteration.RecentIterations;
import io.undercurrent.iteration.Written;
import io.undercurrent.key.KeyAxis.Share;
import io.undercurrent.status.DatabaseStatus.ProgressView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ForecastTests {

  /** 20 iterations of 50 items in 100 ms and a second of sleep, the last one of 100 items. */
  private static final Instant COMMIT = Instant.EPOCH;

  private static final Lane EXECUTION = execution(1_000, 20, Duration.ofSeconds(22), 100, 100);

  @Test
  void givesARangeFromThePositionAndFromTwoPaces() {
    assertThat(view(0.25, 0.5, EXECUTION))
        .contains(
            new ProgressView(
                25,
                50,
                // 1,000 rows more at 11 ms each, as in the last iteration
                Duration.ofSeconds(11),
                // 3,000 rows more at 22 ms each, as on average
                Duration.ofSeconds(66),
                "a test"));
  }

  @Test
  void claimsNothingBeforeOnePercentOrHalfAMinute() {
    var young = execution(1_000, 20, Duration.ofMillis(29_999), 100, 100);
    var old = execution(1_000, 20, Duration.ofSeconds(30), 100, 100);

    assertThat(view(0, 0.0099, young)).isEmpty();
    assertThat(view(0, 0.01, young)).map(ProgressView::percentAtMost).hasValue(1.0);
    assertThat(view(0, 0.0099, old)).isPresent();
  }

  @Test
  void claimsNoTimeWhereNothingIsKnownToBeDone() {
    assertThat(view(0, 0.02, EXECUTION))
        .hasValueSatisfying(view -> assertThat(view.timeLeft()).isNull());
  }

  @Test
  void countsTheSleepBeforeTheLastFewRows() {
    assertThat(view(0.99, 0.99, EXECUTION))
        .hasValueSatisfying(
            view -> {
              // 10.1 rows more: in one iteration, with a tenth of the work of the last one
              assertThat(view.timeLeft())
                  .isBetween(Duration.ofMillis(1010), Duration.ofMillis(1011));
              assertThat(view.timeLeftAtMost())
                  .isBetween(Duration.ofMillis(1020), Duration.ofMillis(1021));
            });
    assertThat(view(0.87, 0.87, EXECUTION))
        // 149.4 rows more: in two iterations of 100, or in three of 50
        .hasValueSatisfying(
            view -> {
              assertThat(view.timeLeft())
                  .isBetween(Duration.ofMillis(2149), Duration.ofMillis(2150));
              assertThat(view.timeLeftAtMost())
                  .isBetween(Duration.ofMillis(3298), Duration.ofMillis(3299));
            });
  }

  @Test
  void saysWhatItTakesWithAndWithoutHolds() {
    var times =
        new RunTimes(
            Map.of(
                "working", Duration.ofSeconds(12),
                "sleeping", Duration.ofSeconds(10),
                "held:slots", Duration.ofSeconds(22),
                "paused", Duration.ofSeconds(66),
                "unknown", Duration.ofHours(1)));
    var progress = progress(times, execution(1_000, 20, Duration.ofSeconds(44), 50, 100));

    // 1,000 rows more as those before, which took 22 s
    assertThat(progress.timeLeftAtMost()).isEqualTo(Duration.ofSeconds(22));
    // of 110 s in all
    assertThat(progress.timeLeftWithHoldsAtMost()).isEqualTo(Duration.ofSeconds(110));
    assertThat(progress(null, EXECUTION).timeLeftWithHolds()).isNull();
  }

  @Test
  void doesNotShrinkWhileTheRunIsHeld() {
    var spent =
        new Spent(
            new RunTimes(
                Map.of("working", Duration.ofSeconds(12), "sleeping", Duration.ofSeconds(10))),
            COMMIT,
            Duration.ZERO);
    var lane = execution(1_000, 20, Duration.ofSeconds(22), 50, 100);
    var run = new RunView(true, true, false, List.of(lane), 0, 1, spent);

    var held = run.asOf(COMMIT.plus(Duration.ofHours(1)), "held:slots");

    assertThat(held.lanes().get(0).elapsed()).isEqualTo(Duration.ofSeconds(22));
  }

  private static ProgressView progress(@Nullable RunTimes times, Lane lane) {
    var spent = times == null ? null : new Spent(times, Instant.EPOCH, Duration.ZERO);
    var run =
        new RunView(true, true, false, List.of(lane), 0, 1, spent).asOf(Instant.EPOCH, "working");
    return view(0.5, 0.5, run.lanes().get(0)).orElseThrow().with(run.spent());
  }

  @Test
  void staysBelowAHundredPercent() {
    assertThat(view(1, 1, EXECUTION))
        .hasValueSatisfying(
            view -> {
              assertThat(view.percent()).isBetween(99.0, 99.9);
              assertThat(view.percentAtMost()).isEqualTo(view.percent());
            });
  }

  private static Optional<ProgressView> view(double least, double most, Lane execution) {
    return new Forecast(new Share(least, most), "a test").view(execution);
  }

  private static Lane execution(
      long rows, long iterations, Duration elapsed, int chunkSize, double ms) {
    var performance = new Performance(rows, ms * iterations, rows / (double) iterations, ms);
    var chunk = new ChunkSize(chunkSize, Rule.PACE, 100, 1);
    var progress =
        new Progress(
            performance,
            iterations,
            rows,
            0,
            chunk,
            ms,
            new RecentIterations(List.of()),
            new Written(rows, new ChangedRows(List.of())));
    return new Lane(
        new Checkpoint(progress, null, null, null, null), rows, iterations, elapsed, COMMIT);
  }
}
