package io.undercurrent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HistoryPropertiesTests {

  @Test
  void refuseLessThanADay() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new HistoryProperties(Duration.ofMillis(90)))
        .withMessage("undercurrent.history.retention: expected a duration of 1d or more, got 90ms");
    assertThat(new HistoryProperties(Duration.ofDays(1)).retention()).isNotNull();
    assertThat(new HistoryProperties(null).retention()).isNull();
  }
}
