package io.undercurrent.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class PaceTests {

  private static final Duration TARGET = Duration.ofMillis(100);

  /** 10 rows a ms, for long. */
  private static final Pace STEADY = chunks(1_000, 100, 6);

  @Test
  void outlivesAClockThatIsPutBack() {
    var context = new ExecutionContext();
    var pace = Pace.UNKNOWN.plus(10, Duration.ofMillis(-5)).plus(10, Duration.ofMillis(5));

    pace.writeTo(context, "pace");
    assertThat(Pace.of(context.toMap(), "pace")).map(Pace::latest).contains(pace.latest());

    Pace.UNKNOWN.plus(10, Duration.ofMillis(-5)).writeTo(context, "pace");
    assertThat(Pace.of(context.toMap(), "pace")).isPresent();
  }

  @Test
  void isUnknownWhileNothingWasCounted() {
    assertThat(Pace.UNKNOWN.plus(0, Duration.ofSeconds(1)).isUnknown()).isTrue();
  }

  @Test
  void allowsWhatTheTargetHasTimeFor() {
    assertThat(Pace.UNKNOWN.plus(100, Duration.ofMillis(50)).fitting(TARGET)).isEqualTo(200);
  }

  @Test
  void allowsAtMostFourTimesTheLatestChunk() {
    assertThat(Pace.UNKNOWN.plus(100, Duration.ofNanos(1)).grown()).isEqualTo(400);
  }

  @Test
  void forgetsTheFirstChunkOfAProcess() {
    var cold = Pace.UNKNOWN.plus(100, Duration.ofSeconds(2));

    assertThat(cold.plus(100, Duration.ofMillis(10)).fitting(TARGET)).isEqualTo(1_000);
    assertThat(restarted(STEADY).plus(1_000, Duration.ofSeconds(1)).fitting(TARGET)).isEqualTo(100);
    assertThat(
            restarted(STEADY)
                .plus(1_000, Duration.ofSeconds(1))
                .plus(100, Duration.ofMillis(10))
                .fitting(TARGET))
        .isEqualTo(1_000);
  }

  @Test
  void shrinksAtOnceAndRecoversAtOnce() {
    var slow = STEADY.plus(1_000, Duration.ofMillis(300));

    assertThat(slow.isSlow(100)).isTrue();
    assertThat(slow.fitting(TARGET)).isEqualTo(333);
    assertThat(slow.plus(333, Duration.ofMillis(34)).fitting(TARGET)).isEqualTo(1_000);
  }

  @Test
  void staysSmallWhereChunksStaySlow() {
    var slow = STEADY.plus(1_000, Duration.ofMillis(300)).plus(333, Duration.ofMillis(90));

    // 1,333 rows in 390 ms
    assertThat(slow.fitting(TARGET)).isEqualTo(341);
  }

  @Test
  void growsWhereTwoChunksWereCheap() {
    var once = STEADY.plus(1_000, Duration.ofMillis(10));

    assertThat(once.fitting(TARGET)).isEqualTo(1_000);
    assertThat(once.plus(1_000, Duration.ofMillis(20)).fitting(TARGET)).isEqualTo(6_666);
  }

  @Test
  void doesNotFollowMereNoise() {
    assertThat(STEADY.plus(1_000, Duration.ofMillis(140)).fitting(TARGET)).isEqualTo(1_000);
    assertThat(STEADY.plus(1_000, Duration.ofMillis(70)).fitting(TARGET)).isEqualTo(1_000);
  }

  @Test
  void countsASmallChunkForLittle() {
    var after = STEADY.plus(1, Duration.ofMillis(2)).plus(2, Duration.ofMillis(2));

    assertThat(after.fitting(TARGET)).isBetween(50, 100);
    assertThat(after.plus(1_000, Duration.ofMillis(100)).fitting(TARGET)).isEqualTo(1_000);
  }

  @Test
  void outlivesARestart() {
    assertThat(restarted(STEADY).latest()).isEqualTo(STEADY.latest());
  }

  @Test
  void takesNothingElseForItsEntry() {
    assertThat(Pace.of(Map.of("pace", "1:2,"), "pace")).isEmpty();
    assertThat(Pace.of(Map.of("pace", 1), "pace")).isEmpty();
  }

  private static Pace restarted(Pace pace) {
    var context = new ExecutionContext();
    pace.writeTo(context, "pace");
    return Pace.of(context.toMap(), "pace").orElseThrow();
  }

  private static Pace chunks(long items, long ms, int count) {
    var pace = Pace.UNKNOWN;
    for (int i = 0; i < count; i++) {
      pace = pace.plus(items, Duration.ofMillis(ms));
    }
    return pace;
  }
}
