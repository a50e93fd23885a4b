package io.undercurrent.chart;

import static io.undercurrent.chart.Samples.minute;

import io.undercurrent.history.Sample;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextChartTests {

  @Test
  void drawsRatesIterationsAndTimes() {
    System.out.println(
        String.join("\n", TextChart.draw(hours(), 80, true, ZoneId.of("Europe/Berlin"))));
    System.out.println(String.join("\n", TextChart.draw(hours(), 80, false, ZoneOffset.UTC)));
  }

  static List<Sample> hours() {
    return Stream.concat(
            IntStream.range(0, 200)
                .mapToObj(
                    i ->
                        i % 50 > 40
                            ? minute(i, 0, 0L, "held:replication-lag", 60)
                            : minute(
                                i,
                                20000 + 9000 * (i % 7),
                                10000L + 90 * i,
                                "working",
                                45,
                                "sleeping",
                                15)),
            IntStream.range(300, 400)
                .mapToObj(i -> minute(i, 90000 - 200 * (i - 200), 60000L, "working", 60)))
        .toList();
  }
}
