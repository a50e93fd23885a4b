package io.undercurrent.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.database.RefusedException;
import io.undercurrent.shell.screen.RecordedScreen;
import org.junit.jupiter.api.Test;

class StartFailureTests {

  private final RecordedScreen recorded = new RecordedScreen();
  private final StartFailure report = new StartFailure(null);

  @Test
  void tellsARefusalWithoutAStackTrace() {
    var failure =
        new IllegalStateException(
            "Error creating bean", new RefusedException("undercurrent.home: expected a directory"));

    report.report(failure, recorded.screen());

    assertThat(recorded.err())
        .isEqualToNormalizingNewlines("undercurrent.home: expected a directory\n");
  }

  @Test
  void tellsTheInnermostCauseOfADefectInOneLine() {
    var failure =
        new IllegalStateException("outer", new IllegalArgumentException("line 3:\n  bad"));

    report.report(failure, recorded.screen());

    assertThat(recorded.err())
        .isEqualToNormalizingNewlines(
            "Undercurrent did not start: java.lang.IllegalArgumentException: line 3: bad\n");
  }
}
