package io.undercurrent.iteration;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long the last iterations of a run took; travels with its progress, so that any process can
 * draw them.
 *
 * @param durations at most {@value #MOST}, in whole milliseconds, the latest last
 */
public record RecentIterations(List<Duration> durations) {

  static final int MOST = 20;
  static final RecentIterations NONE = new RecentIterations(List.of());

  private static final String SEPARATOR = ",";

  public RecentIterations {
    durations = List.copyOf(durations);
  }

  /** What a context holds of them; none if it holds something else. */
  static RecentIterations parse(@Nullable Object text) {
    return text instanceof String numbers && numbers.matches("\\d{1,18}(,\\d{1,18})*")
        ? new RecentIterations(
            Stream.of(numbers.split(SEPARATOR))
                .map(Long::parseLong)
                .map(Duration::ofMillis)
                .toList())
        : NONE;
  }

  String text() {
    return durations.stream()
        .map(duration -> String.valueOf(duration.toMillis()))
        .collect(joining(SEPARATOR));
  }

  RecentIterations with(Duration duration) {
    var all = new ArrayList<>(durations);
    all.add(Duration.ofMillis(duration.toMillis()));
    return new RecentIterations(all.subList(Math.max(0, all.size() - MOST), all.size()));
  }
}
