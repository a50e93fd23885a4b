package io.undercurrent.chart;

import static io.undercurrent.chart.Samples.BEGIN;
import static io.undercurrent.chart.Samples.MINUTE;
import static io.undercurrent.chart.Samples.minute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimelineTests {

  @Test
  void sharesMinutesOutAmongColumns() {
    var timeline =
        Timeline.of(List.of(minute(0, 6000, 6000L), minute(1, 600, 6L), minute(2, 60, null)), 6);

    assertThat(timeline.columns()).hasSize(6);
    assertThat(timeline.columnLength()).hasSeconds(30);
    assertThat(timeline.columns())
        .extracting(Column::itemsPerSecond)
        .containsExactly(100.0, 100.0, 10.0, 10.0, 1.0, 1.0);
    assertThat(timeline.columns())
        .extracting(Column::changedPerSecond)
        .containsExactly(100.0, 100.0, 0.1, 0.1, null, null);
    assertThat(timeline.changedOtherwise()).isTrue();
  }

  @Test
  void takesDaysTogether() {
    var minutes = IntStream.range(0, 3 * 24 * 60).mapToObj(i -> minute(i, 600, 600L)).toList();

    var timeline = Timeline.of(minutes, 60);

    assertThat(timeline.columns())
        .hasSize(60)
        .allSatisfy(
            column -> {
              assertThat(column.itemsPerSecond()).isCloseTo(10, within(1e-6));
              assertThat(column.iterationTime()).isCloseTo(100, within(1e-6));
              assertThat(column.target()).isEqualTo(100);
            });
    assertThat(timeline.changedOtherwise()).isFalse();
  }

  @Test
  void knowsWhatTheTimeWasSpentOn() {
    var timeline =
        Timeline.of(
            List.of(
                minute(0, 10, null, "held:slots", 10, "sleeping", 20, "working", 30),
                minute(1, 10, null, "held:replication-lag", 60, "backing-off", 0)),
            2);

    assertThat(timeline.times())
        .containsExactly(
            Map.entry("working", Duration.ofSeconds(30)),
            Map.entry("sleeping", Duration.ofSeconds(20)),
            Map.entry("held:replication-lag", MINUTE),
            Map.entry("held:slots", Duration.ofSeconds(10)));
    assertThat(timeline.columns().get(0).share("sleeping")).isCloseTo(0.333, within(0.001));
    assertThat(timeline.columns().get(1).share("held:replication-lag")).isEqualTo(1);
    assertThat(Timeline.words("held:slots")).isEqualTo("held by slots");
  }

  @Test
  void leavesGapsOpen() {
    var timeline = Timeline.of(List.of(minute(0, 60, null), minute(9, 60, null)), 10);

    assertThat(timeline.from()).isEqualTo(BEGIN);
    assertThat(timeline.times()).containsEntry(Timeline.UNKNOWN, Duration.ofMinutes(8));
    assertThat(timeline.columns())
        .extracting(Column::itemsPerSecond)
        .containsExactly(1.0, null, null, null, null, null, null, null, null, 1.0);
    assertThat(timeline.columns())
        .extracting(column -> column.share(Timeline.UNKNOWN))
        .containsExactly(0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0);
  }

  @Test
  void hasNoIterationTimeWhereThereWasNone() {
    var timeline = Timeline.of(List.of(minute(0, 60, 0L), minute(1, 0, 0L)), 2);

    assertThat(timeline.columns()).extracting(Column::iterationTime).containsExactly(100.0, null);
    assertThat(timeline.columns()).extracting(Column::itemsPerSecond).containsExactly(1.0, 0.0);
  }
}
