package io.undercurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.RefusedException;
import org.junit.jupiter.api.Test;

class StartReportTests {

  private final StartReport report = new StartReport(null);

  @Test
  void tellsARefusalInItsOwnWords() {
    var failure = new IllegalStateException("outer", new RefusedException("undercurrent.home: no"));

    assertThat(report.text(failure)).isEqualTo("undercurrent.home: no");
  }

  @Test
  void tellsTheInnermostCauseOfADefectOnOneLine() {
    var failure = new IllegalStateException("outer", new IllegalArgumentException("line 3:\n bad"));

    assertThat(report.text(failure))
        .isEqualTo("Undercurrent did not start: java.lang.IllegalArgumentException: line 3: bad");
  }
}
