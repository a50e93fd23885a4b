package io.undercurrent.chart;

import static io.undercurrent.chart.Samples.minute;
import static org.assertj.core.api.Assertions.assertThat;

import io.undercurrent.history.Sample;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextChartTests {

  @Test
  void drawsRatesIterationsAndTimes() {
    assertThat(TextChart.draw(hours(), 80, true, ZoneId.of("Europe/Berlin")))
        .containsExactly(
            """
                                     items per second
                              2,000 │                                         ▄▃▃▂▂▁
                                    │                                         ████████▇▇▆▅▅▄
                                    │                                         ██████████████
                                    │▂▂▂▂▃  ▃▃▃▃▃  ▃▃▃▃▃  ▃▃▃▃▃               ██████████████
                                    │█████▄ █████▅ █████  █████               ██████████████
                                  0 │██████▁██████▄████████████▃              ██████████████
                                     rows changed per second
                              1,000 │                                         ██████████████
                                    │                 ▁▁  ▂▂▂▂▃               ██████████████
                                  0 │▄▄▅▅▅▃▁▆▆▆▇▇▄▂█████▃▄█████▃              ██████████████
                                     milliseconds per iteration; target 100: ╌
                                200 │
                                    │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌             ╌╌╌╌╌╌╌╌╌╌╌╌╌╌
                                    │███████████████████████████              ██████████████
                                  0 │███████████████████████████              ██████████████
                                     share of the time ░ 25 % ▒ 50 % ▓ 75 % █ 100 %
                             worked │▓▓▓▓▓▒░▓▓▓▓▓▒░▓▓▓▓▓▒▒▓▓▓▓▓░              ▓█████████████
                              slept │░░░░░░░░░░░░░░░░░░░░░░░░░░░
            held by replication-lag │     ▒█     ▒▓     ▓▓     ▓▒
                       not recorded │                           ▒█████████████░
                                    └────────┬───────────────┬────────────────┬─────────────
                                           10:00           12:00            14:00"""
                .split("\n"));
  }

  @Test
  void drawsInAscii() {
    assertThat(TextChart.draw(hours(), 80, false, ZoneOffset.UTC))
        .containsExactly(
            """
                                     items per second
                              2,000 |                                         .....
                                    |                                         #########:::::
                                    |                                         ##############
                                    |.....  .....  .....  .....               ##############
                                    |#####: #####: #####  #####               ##############
                                  0 |######.######:############.              ##############
                                     rows changed per second
                              1,000 |                                         ##############
                                    |                     .....               ##############
                                  0 |:::::..:::##..#####..#####.              ##############
                                     milliseconds per iteration; target 100: -
                                200 |
                                    |----------------------------             --------------
                                    |###########################              ##############
                                  0 |###########################              ##############
                                     share of the time . 25 % : 50 % + 75 % # 100 %
                             worked |+++++:.+++++:.+++++::+++++.              +#############
                              slept |...........................
            held by replication-lag |     :#     :+     ++     +:
                       not recorded |                           :#############.
                                    ++---------------+----------------+---------------+-----
                                   08:00           10:00            12:00           14:00"""
                .split("\n"))
        .allSatisfy(line -> assertThat(line).isASCII());
  }

  @Test
  void drawsThreeDays() {
    assertThat(TextChart.draw(days(), 80, true, ZoneId.of("America/St_Johns")))
        .containsExactly(
            """
                                items per second
                       200,000 │         ███████████         ███████████         ███████████
                               │         ███████████         ███████████         ███████████
                               │        ████████████        ████████████        ████████████
                               │        ████████████        ████████████        ████████████
                               │        ████████████        ████████████        ████████████
                             0 │        ████████████        ████████████        ████████████
                                milliseconds per iteration; target 100: ╌
                           200 │
                               │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
                               │        ████████████        ████████████        ████████████
                             0 │        ████████████        ████████████        ████████████
                                share of the time ░ 25 % ▒ 50 % ▓ 75 % █ 100 %
                        worked │        ░▒▒▒▒▒▒▒▒▒▒▒        ░▒▒▒▒▒▒▒▒▒▒▒        ░▒▒▒▒▒▒▒▒▒▒▒
                         slept │        ▒▓▓▓▓▓▓▓▓▓▓▓        ▒▓▓▓▓▓▓▓▓▓▓▓        ▒▓▓▓▓▓▓▓▓▓▓▓
            outside its window │████████▒           ████████▒           ████████▒
                               └────────────────┬───────────────────┬───────────────────┬───
                                              11-28               11-29               11-30"""
                .split("\n"));
  }

  @Test
  void fitsAnyScreen() {
    for (var width : new int[] {20, 40, 80, 133, 300}) {
      var wide = Math.max(width, 35);
      assertThat(TextChart.draw(hours(), width, true, ZoneOffset.UTC))
          .filteredOn(line -> !line.contains(" per ") && !line.contains("share"))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(wide))
          .anySatisfy(line -> assertThat(line.length()).isGreaterThan(wide - 3));
    }
  }

  @Test
  void showsIterationsThatMissTheirTarget() {
    var late =
        IntStream.range(0, 60)
            .mapToObj(i -> minute(i, 10, null, "working", 60))
            .map(s -> slow(s, 9))
            .toList();

    assertThat(TextChart.draw(late, 80, false, ZoneOffset.UTC))
        .contains("    400 |", "        |" + "#".repeat(71));
  }

  private static Sample slow(Sample sample, int seconds) {
    return new Sample(
        sample.at(),
        sample.span(),
        sample.items(),
        sample.changed(),
        sample.iterations(),
        Duration.ofSeconds(seconds),
        sample.target(),
        sample.chunkSize(),
        sample.times());
  }

  /**
   * A run that was held four times, was gone for a while, and does not change all that it reads.
   */
  private static List<Sample> hours() {
    var held =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    i % 50 > 40
                        ? minute(i, 0, 0L, "held:replication-lag", 60)
                        : minute(
                            i,
                            20_000 + 9000 * (i % 7),
                            10_000L + 90 * i,
                            "working",
                            45,
                            "sleeping",
                            15));
    var afterwards =
        IntStream.range(300, 400)
            .mapToObj(i -> minute(i, 110_000 - 200 * (i - 300), 60_000L, "working", 60));
    return Stream.concat(held, afterwards).toList();
  }

  /** At work in the evenings, in a window. */
  private static List<Sample> days() {
    return IntStream.range(0, 3 * 24 * 60)
        .mapToObj(
            i ->
                i / 60 % 24 < 10
                    ? minute(i, 0, 0L, "window", 60)
                    : minute(i, 12_000_000, 12_000_000L, "working", 20, "sleeping", 40))
        .toList();
  }
}
