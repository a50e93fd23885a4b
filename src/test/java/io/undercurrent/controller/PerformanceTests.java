package io.undercurrent.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PerformanceTests {

  private static final double PRECISION = 1e-9;

  @Test
  void knowsNoRateBeforeAnythingIsCounted() {
    assertThat(Performance.NONE.averageItemsPerMs()).isNull();
    assertThat(Performance.NONE.plus(0, Duration.ofMillis(50)).averageItemsPerMs()).isNull();
  }

  @Test
  void startsItsAveragesAtZero() {
    var performance = Performance.NONE.plus(100, Duration.ofMillis(50));

    assertThat(performance).isEqualTo(new Performance(100, 50, 10, 5));
    assertThat(performance.averageItemsPerMs()).isEqualTo(2.0);
  }

  @Test
  void movesItsAveragesByATenthOfTheDifference() {
    var performance =
        Performance.NONE.plus(100, Duration.ofMillis(50)).plus(400, Duration.ofMillis(100));

    assertThat(performance.totalItems()).isEqualTo(500);
    assertThat(performance.totalDurationMs()).isEqualTo(150.0);
    assertThat(performance.averageItems()).isCloseTo(10 + 0.1 * (400 - 10), within(PRECISION));
    assertThat(performance.averageDurationMs()).isCloseTo(5 + 0.1 * (100 - 5), within(PRECISION));
    assertThat(performance.averageItemsPerMs()).isCloseTo(49 / 14.5, within(PRECISION));
  }

  @Test
  void countsAnIterationWithoutItems() {
    var performance =
        Performance.NONE.plus(100, Duration.ofMillis(50)).plus(0, Duration.ofMillis(50));

    assertThat(performance.totalItems()).isEqualTo(100);
    assertThat(performance.averageItemsPerMs()).isCloseTo(9 / 9.5, within(PRECISION));
  }

  @Test
  void hasARateOfZeroWhileNoTimeHasPassed() {
    assertThat(Performance.NONE.plus(100, Duration.ZERO).averageItemsPerMs()).isZero();
  }

  @Test
  void countsFractionsOfAMillisecond() {
    var performance = Performance.NONE.plus(1, Duration.ofNanos(1_250_000));

    assertThat(performance.totalDurationMs()).isEqualTo(1.25);
  }

  @Test
  void goesOnFromItsStoredNumbers() {
    var learned = Performance.NONE.plus(100, Duration.ofMillis(50));
    var restored =
        new Performance(
            learned.totalItems(),
            learned.totalDurationMs(),
            learned.averageItems(),
            learned.averageDurationMs());

    assertThat(restored.plus(7, Duration.ofMillis(3)))
        .isEqualTo(learned.plus(7, Duration.ofMillis(3)));
  }
}
