package io.undercurrent.shell.screen;

import io.undercurrent.status.Lane;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
      lane -> words(lane.lastIteration()));

  private final String title;
  private final String field;
  private final Function<Lane, @Nullable Object> json;
  private final Function<Lane, @Nullable String> text;

  LaneFigure(
      String title,
      String field,
      Function<Lane, @Nullable Object> json,
      Function<Lane, @Nullable String> text) {
    this.title = title;
    this.field = field;
    this.json = json;
    this.text = text;
  }

  /** Adds what is known of each lane; the lanes are numbered where there are several. */
  public void add(DescriptionList facts, List<Lane> lanes) {
    for (var i = 0; i < lanes.size(); i++) {
      var words = text.apply(lanes.get(i));
      if (words != null) {
        facts.add(lanes.size() == 1 ? title : "%s %d".formatted(title, i + 1), words);
      }
    }
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
