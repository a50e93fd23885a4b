package io.undercurrent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.history.RunTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What has passed since a run's time was counted. */
class SpentTests {

  private static final Instant COUNTED = Instant.parse("2026-11-29T08:00:00Z");
  private static final Instant NOW = COUNTED.plusSeconds(50);

  private final Spent spent =
      new Spent(
          new RunTimes(Map.of("working", Duration.ofSeconds(10))), COUNTED, Duration.ofSeconds(9));

  @Test
  void isWorkAsFarAsIterationsTookItAndSleepOtherwise() {
    assertThat(at("working", 14, 1))
        .containsExactly(
            Map.entry("working", Duration.ofSeconds(16)),
            Map.entry("sleeping", Duration.ofSeconds(44)));
  }

  @Test
  void isWorkWhereAnIterationTakesLong() {
    assertThat(at("working", 9, 50)).containsExactly(Map.entry("working", Duration.ofSeconds(60)));
  }

  @Test
  void isWhatHoldsIt() {
    assertThat(at("held:slots", 9, 50)).containsEntry("held:slots", Duration.ofSeconds(50));
  }

  private Map<String, Duration> at(String activity, int iterations, int since) {
    return spent
        .asOf(NOW, activity, Duration.ofSeconds(iterations), Duration.ofSeconds(since))
        .times()
        .parts();
  }
}
