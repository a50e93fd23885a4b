package io.undercurrent.shell.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.testing.TickingClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTests {

  private final TickingClock clock = new TickingClock();

  @Test
  void redrawsOneLineOnATerminal() {
    var recorded = new RecordedScreen().live();
    var line = new ProgressLine(recorded.screen(), clock);

    line.show("10 rooms");
    line.show("9 left");
    line.end("done");

    assertThat(recorded.err())
        .isEqualTo("\r10 rooms\r9 left  \r        \rdone" + System.lineSeparator());
  }

  @Test
  void leavesTheLastColumnFree() {
    var recorded = new RecordedScreen().live().wide(10);

    new ProgressLine(recorded.screen(), clock).show("1234567890");

    assertThat(recorded.err()).isEqualTo("\r12345678…");
  }

  @Test
  void writesALineEveryFewSecondsElsewhere() {
    var recorded = new RecordedScreen();
    var line = new ProgressLine(recorded.screen(), clock);

    line.show("first");
    clock.tick(Duration.ofMillis(4999));
    line.show("too early");
    clock.tick(Duration.ofMillis(1));
    line.show("second");
    line.end("done");

    assertThat(recorded.err()).isEqualToNormalizingNewlines("first\nsecond\ndone\n");
    assertThat(recorded.out()).isEmpty();
  }
}
