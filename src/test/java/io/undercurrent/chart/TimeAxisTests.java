package io.undercurrent.chart;

import static io.undercurrent.chart.Samples.span;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeAxisTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // less than a minute, an hour, over midnight, days, weeks
        "2026-11-27T08:00:01Z | PT40S  | UTC              | 08:00:10 08:00:20 08:00:30 08:00:40",
        "2026-11-27T08:00:00Z | PT1H   | UTC              | 08:00 08:15 08:30 08:45 09:00",
        "2026-11-27T08:00:00Z | PT1H   | America/St_Johns | 04:30 04:45 05:00 05:15 05:30",
        "2026-11-27T17:30:00Z | PT16H  | Europe/Berlin    | 11-28 06:00",
        "2026-11-27T08:30:00Z | PT72H  | Europe/Berlin    | 11-28 11-29 11-30",
        "2026-11-01T08:00:00Z | P28D   | UTC              | 11-03 11-09 11-15 11-21 11-27",
        // clocks go back, forward
        "2026-10-24T20:00:00Z | PT12H  | Europe/Berlin    | 10-25 03:00 06:00 09:00",
        "2026-03-28T22:00:00Z | PT9H   | Europe/Berlin    | 03-29 03:00 04:00 06:00 08:00"
      })
  void labelsRoundTimesOfTheOperatorsClock(
      Instant begin, Duration length, ZoneId zone, String labels) {
    var end = begin.plus(length);
    var axis = new TimeAxis(Timeline.of(List.of(span(end, length, 1, null)), 10), zone);

    var ticks = axis.ticks(5);

    assertThat(ticks).extracting(TimeAxis.Tick::label).containsExactly(labels.split(" "));
    assertThat(ticks).extracting(TimeAxis.Tick::place).isSorted().allMatch(p -> p >= 0 && p <= 1);
  }

  @Test
  void putsThemWhereTheyAre() {
    var begin = Instant.parse("2026-11-27T08:00:00Z");
    var hour = Duration.ofHours(1);
    var timeline = Timeline.of(List.of(span(begin.plus(hour), hour, 1, null)), 10);

    assertThat(new TimeAxis(timeline, ZoneId.of("UTC")).ticks(5))
        .extracting(TimeAxis.Tick::place)
        .containsExactly(0.0, 0.25, 0.5, 0.75, 1.0);
  }
}
