package io.undercurrent.iteration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecentIterationsTests {

  @Test
  void keepsTheLastTwentyDurationsInShortText() {
    var recent = RecentIterations.NONE;
    for (var ms = 1; ms <= 21; ms++) {
      recent = recent.with(Duration.ofMillis(ms).plusNanos(999_999));
    }

    assertThat(recent.text()).isEqualTo("2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21");
    assertThat(RecentIterations.parse(recent.text())).isEqualTo(recent);
  }

  @Test
  void findsNoneInAContextOfAnOlderVersion() {
    assertThat(RecentIterations.parse(null)).isEqualTo(RecentIterations.NONE);
    assertThat(RecentIterations.parse("")).isEqualTo(RecentIterations.NONE);
    assertThat(RecentIterations.parse("97,x")).isEqualTo(RecentIterations.NONE);
  }
}
