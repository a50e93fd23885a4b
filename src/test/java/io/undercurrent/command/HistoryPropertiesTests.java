package io.undercurrent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HistoryPropertiesTests {

  private static final Duration MONTH = Duration.ofDays(30);

  @Test
  void refuseLessThanADay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HistoryProperties(Duration.ofMillis(90), MONTH))
        .withMessage("undercurrent.history.retention: expected a duration of 1d or more, got 90ms");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HistoryProperties(null, Duration.ofMillis(30)))
        .withMessage("undercurrent.history.samples: expected a duration of 1d or more, got 30ms");
    assertThat(new HistoryProperties(Duration.ofDays(1), MONTH).retention()).isNotNull();
    assertThat(new HistoryProperties(null, MONTH).retention()).isNull();
  }
}
