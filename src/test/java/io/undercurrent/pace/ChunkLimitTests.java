package io.undercurrent.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class ChunkLimitTests {

  private static final Duration TARGET = Duration.ofMillis(100);

  @Test
  void isOneRowAtLeastWhateverAContextSays() {
    assertThat(ChunkLimit.of(Map.of("undercurrent.limit.items", 0)).items()).isOne();
  }

  @Test
  void growsToAnySizeThatIsWanted() {
    var limit = ChunkLimit.NONE.atMost(1 << 29);
    for (int i = 0; i < 4; i++) {
      limit = limit.after(1 << 29, Integer.MAX_VALUE, Duration.ofMillis(1), TARGET);
    }

    assertThat(limit.items()).isGreaterThan(1 << 29);
  }

  @Test
  void growsAtMostFourfold() {
    var sizes = sizes(ChunkLimit.NONE.atMost(10), 9, size -> 1, 1_000);

    assertThat(sizes).startsWith(10, 10, 10, 10, 40, 40, 160);
  }

  @Test
  void isLiftedWhereItIsNotNeededAnyMore() {
    var sizes = sizes(ChunkLimit.NONE.atMost(50), 6, size -> 1, 100);

    assertThat(sizes).containsExactly(50, 50, 50, 50, 100, 100);
  }

  @Test
  void growsEverMoreSlowlyWhereThatWasTooEarly() {
    var limit = ChunkLimit.NONE.atMost(50);
    var successes = new ArrayList<Integer>();
    for (int round = 0; round < 4; round++) {
      var count = 0;
      while (limit.items() == 50) {
        limit = limit.after(50, 1_000, Duration.ofMillis(10), TARGET);
        count++;
      }
      successes.add(count);
      limit = limit.atMost(50);
    }

    assertThat(successes).containsExactly(4, 4, 16, 64);
  }

  @Test
  void doesNotGrowWhereEachRowTakesItsTime() {
    var sizes = sizes(ChunkLimit.NONE.atMost(1), 40, size -> 300L * size, 100);

    assertThat(sizes).contains(1, 2).doesNotContain(4);
    assertThat(sizes.stream().filter(size -> size == 1).count()).isGreaterThan(30);
  }

  @Test
  void growsWhereAChunkTakesItsTimeHoweverSmallItIs() {
    var sizes = sizes(ChunkLimit.NONE.atMost(1), 20, size -> 2_000 + size, 100);

    assertThat(sizes).endsWith(100);
  }

  @Test
  void knowsWhatNoChunkCanBeFasterThan() {
    var limit = ChunkLimit.NONE.atMost(1).after(1, 100, Duration.ofSeconds(2), TARGET);

    assertThat(limit.fixed()).isEqualTo(Duration.ofSeconds(2));
    assertThat(limit.after(1, 100, Duration.ofMillis(5), TARGET).fixed()).isZero();
  }

  @Test
  void outlivesARestart() {
    var context = new ExecutionContext();
    var limit = ChunkLimit.NONE.atMost(7).after(7, 100, Duration.ofSeconds(2), TARGET);

    limit.writeTo(context);

    assertThat(ChunkLimit.of(context.toMap())).isEqualTo(limit);
    ChunkLimit.NONE.writeTo(context);
    assertThat(ChunkLimit.of(context.toMap())).isEqualTo(ChunkLimit.NONE);
  }

  /** The sizes of chunks that all go well. */
  private static List<Integer> sizes(
      ChunkLimit start, int chunks, IntToLongFunction ms, int wanted) {
    var limit = start;
    var sizes = new ArrayList<Integer>();
    for (int i = 0; i < chunks; i++) {
      var size = Math.min(wanted, limit.items());
      sizes.add(size);
      limit = limit.after(size, wanted, Duration.ofMillis(ms.applyAsLong(size)), TARGET);
    }
    return sizes;
  }
}
