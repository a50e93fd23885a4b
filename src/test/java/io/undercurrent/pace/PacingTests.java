package io.undercurrent.pace;

import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.pace.Pacing.Done;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class PacingTests {

  private static final Duration TARGET = Duration.ofMillis(100);

  @Test
  void handsOnWhatItHasLearnt() {
    var context = new ExecutionContext();
    var learnt =
        Pacing.NONE
            .after(new Done(5_000, 5_000, 50, ms(80), ms(20), TARGET), false)
            .atMost(1_000, 4_000, ms(350), TARGET);

    learnt.writeTo(context);

    var other = Pacing.of(context.toMap());
    assertThat(other.limit()).isEqualTo(learnt.limit());
    assertThat(other.walking().latest()).isEqualTo(learnt.walking().latest());
    assertThat(other.writing().fitting(TARGET)).isEqualTo(250);
  }

  @Test
  void goesOnWithTheAveragesOfAnOlderVersion() {
    var pacing =
        Pacing.of(
            Map.of(
                "undercurrent.averageItems", 900.0,
                "undercurrent.averageMs", 90.0,
                "undercurrent.averageWrittenRows", 30.0,
                "undercurrent.averageWritingMs", 60.0));

    assertThat(pacing.walking().fitting(TARGET)).isEqualTo(1_000);
    assertThat(pacing.writing().fitting(TARGET)).isEqualTo(50);
  }

  @Test
  void knowsNothingBeforeAnythingWasDone() {
    var pacing = Pacing.of(Map.of("undercurrent.averageItems", 0.0, "undercurrent.averageMs", 0.0));

    assertThat(pacing).isEqualTo(Pacing.NONE);
  }

  @Test
  void halvesChunksThatOthersWaitForUntilOneIsLeft() {
    var pacing = Pacing.NONE.halved(400);

    assertThat(pacing.most(TARGET)).isEqualTo(200);
    assertThat(pacing.halved(200).most(TARGET)).isEqualTo(100);
    assertThat(pacing.halved(1).most(TARGET)).isOne();
  }

  @Test
  void growsAgainAfterItWasHalved() {
    var pacing = Pacing.NONE.halved(400);
    var fast = new Done(200, 10_000, 200, ms(10), ms(10), TARGET);
    for (int i = 0; i < 3; i++) {
      pacing = pacing.after(fast, false);
    }
    assertThat(pacing.limit()).isEqualTo(new ChunkLimit(200, 1, 0, 0, 0, true));

    pacing = pacing.after(fast, false);
    assertThat(pacing.limit().items()).isEqualTo(800);
    assertThat(pacing.limit().halved()).isTrue();
  }

  @Test
  void knowsAfterARestartThatOthersHaveWaited() {
    var context = new ExecutionContext();
    Pacing.NONE.halved(400).writeTo(context);
    assertThat(Pacing.of(context.toMap()).limit().halved()).isTrue();

    Pacing.NONE.atMost(100, 400, ms(350), TARGET).writeTo(context);
    assertThat(Pacing.of(context.toMap()).limit().halved()).isFalse();
  }

  @Test
  void followsThePaceBelowTheMinimumAfterAChunkWasTooMuch() {
    var slow = Pacing.NONE.atMost(25, 100, ms(350), TARGET);

    assertThat(Pacing.NONE.most(TARGET)).isEqualTo(Integer.MAX_VALUE);
    assertThat(slow.most(TARGET)).isEqualTo(25);
    assertThat(slow.after(done(25, 750), false).most(TARGET)).isEqualTo(3);
  }

  @Test
  void learnsNothingFromAChunkThatFailedEarly() {
    assertThat(Pacing.NONE.atMost(50, 100, ms(1), TARGET).walking().isUnknown()).isTrue();
  }

  private static Done done(int items, long ms) {
    return new Done(items, 100, items, ms(ms), ms(ms), TARGET);
  }

  private static Duration ms(long ms) {
    return Duration.ofMillis(ms);
  }
}
