package io.undercurrent.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WritePaceTests {

  private static final Duration TARGET = Duration.ofMillis(100);

  @Test
  void allowsTheFirstSizeWhileNothingWasWritten() {
    assertThat(WritePace.UNKNOWN.plus(0, Duration.ofSeconds(1)).most(TARGET, () -> 100, () -> 10))
        .isEqualTo(100);
  }

  @Test
  void allowsWhatTheTargetHasTimeFor() {
    assertThat(WritePace.UNKNOWN.plus(100, Duration.ofMillis(50)).most(TARGET, () -> 100, () -> 10))
        .isEqualTo(200);
  }

  @Test
  void allowsTheLeastWhereRowsAreSlow() {
    assertThat(
            WritePace.UNKNOWN.plus(100, Duration.ofSeconds(10)).most(TARGET, () -> 100, () -> 10))
        .isEqualTo(10);
  }
}
