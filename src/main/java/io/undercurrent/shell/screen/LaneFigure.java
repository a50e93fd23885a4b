package io.undercurrent.shell.screen;

import io.undercurrent.status.Lane;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code status}, {@code show} and JSON say of each worker of a run. A constant is all that
 * another figure needs.
 */
public enum LaneFigure {
  CHUNK_SIZE(
      "chunk size",
      "chunk_size",
      Lane::chunkSize,
      lane -> lane.chunkSize() == null ? null : Numbers.grouped(lane.chunkSize())),

  LAST_ITERATION(
      "last iteration",
      "last_iteration_ms",
      lane -> millis(lane.lastIteration()),
      lane -> words(lane.lastIteration())),

  SLEEP(
      "sleep",
      "sleep_ms",
      lane -> millis(lane.sleep()),
      lane -> words(lane.sleep()),
      " before each on average");

  private final String title;
  private final String field;
  private final Function<Lane, @Nullable Number> json;
  private final Function<Lane, @Nullable String> text;
  private final String of;

  LaneFigure(
      String title,
      String field,
      Function<Lane, @Nullable Number> json,
      Function<Lane, @Nullable String> text) {
    this(title, field, json, text, "");
  }

  LaneFigure(
      String title,
      String field,
      Function<Lane, @Nullable Number> json,
      Function<Lane, @Nullable String> text,
      String of) {
    this.of = of;
    this.title = title;
    this.field = field;
    this.json = json;
    this.text = text;
  }

  /** Adds what is known of the lanes, from the least to the most where there are several. */
  public void add(DescriptionList facts, List<Lane> lanes) {
    var words =
        lanes.stream()
            .filter(lane -> json.apply(lane) != null)
            .sorted(Comparator.comparingDouble(this::number))
            .map(text)
            .toList();
    if (!words.isEmpty()) {
      var least = String.valueOf(words.get(0));
      var most = String.valueOf(words.get(words.size() - 1));
      facts.add(title, (least.equals(most) ? least : least + " to " + most) + of);
    }
  }

  private double number(Lane lane) {
    return Objects.requireNonNull(json.apply(lane)).doubleValue();
  }

  /** The stable form of a lane. */
  public static Map<String, @Nullable Object> json(Lane lane) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    Stream.of(values()).forEach(figure -> fields.put(figure.field, figure.json.apply(lane)));
    return fields;
  }

  /** The names of its fields. */
  public static List<String> fields() {
    return Stream.of(values()).map(figure -> figure.field).toList();
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }

  private static @Nullable String words(@Nullable Duration duration) {
    return duration == null ? null : Durations.human(duration);
  }
}
