package io.undercurrent.shell.screen;

import io.undercurrent.json.LaneFigure;
import io.undercurrent.status.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What is known of the lanes of a run, for people. */
public final class LaneFigures {

  private LaneFigures() {}

  /** Adds a figure, from the least to the most where there are several lanes. */
  public static void add(DescriptionList facts, LaneFigure figure, List<Lane> lanes) {
    var words =
        lanes.stream()
            .map(figure::value)
            .filter(Objects::nonNull)
            .map(Number::longValue)
            .sorted()
            .map(value -> words(figure, value))
            .toList();
    if (!words.isEmpty()) {
      var least = words.get(0);
      var most = words.get(words.size() - 1);
      facts.add(figure.title(), (least.equals(most) ? least : least + " to " + most) + figure.of());
    }
  }

  private static String words(LaneFigure figure, long value) {
    return figure.isTime() ? Durations.human(Duration.ofMillis(value)) : Numbers.grouped(value);
  }
}
