package io.undercurrent.iteration;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.kind.UpdateDefinition;
import io.undercurrent.run.RunStatements;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeoutsTests {

  @ParameterizedTest
  @CsvSource({
    "PT0.1S,  PT10S",
    "PT0.5S,  PT10S",
    "PT0.51S, PT10.2S",
    "PT1M,    PT20M",
    "PT72M,   P1D",
    "PT73M,   P1D",
    "PT2562047788015215H, P1D"
  })
  void letsAChunkTakeTwentyTargetsWithinReason(Duration target, Duration most) {
    var timeouts = Timeouts.ofChunk(update(null, null), target);

    // also between statements: a bean may work on the chunk
    assertThat(timeouts).isEqualTo(new Timeouts(Duration.ofSeconds(2), most, true, most));
  }

  @Test
  void letsAOneShotTakeAsLongAsItTakes() {
    assertThat(Timeouts.ofOneShot(update(null, null)))
        .isEqualTo(
            new Timeouts(Duration.ofSeconds(2), Duration.ZERO, true, Duration.ofSeconds(10)));
  }

  @Test
  void doesWhatTheUpdateAsksFor() {
    var update = update(Duration.ofSeconds(3), Duration.ofMinutes(4));
    var asked =
        new Timeouts(Duration.ofSeconds(3), Duration.ofMinutes(4), false, Duration.ofSeconds(10));

    assertThat(Timeouts.ofChunk(update, Duration.ofMillis(500))).isEqualTo(asked);
    assertThat(Timeouts.ofOneShot(update)).isEqualTo(asked);
  }

  private static UpdateDefinition update(@Nullable Duration lock, @Nullable Duration statement) {
    return new UpdateDefinition(
        "update", null, 0, lock, statement, new RunStatements(List.of()), 1);
  }
}
