package io.undercurrent.json;

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
  CHUNK_SIZE("chunk size", "chunk_size", false, Lane::chunkSize),

  LAST_ITERATION("last iteration", "last_iteration_ms", true, lane -> millis(lane.lastIteration())),

  SLEEP("sleep", "sleep_ms", true, lane -> millis(lane.sleep()), " before each on average");

  private final String title;
  private final String field;
  private final boolean time;
  private final Function<Lane, @Nullable Number> value;
  private final String of;

  LaneFigure(String title, String field, boolean time, Function<Lane, @Nullable Number> value) {
    this(title, field, time, value, "");
  }

  LaneFigure(
      String title, String field, boolean time, Function<Lane, @Nullable Number> value, String of) {
    this.title = title;
    this.field = field;
    this.time = time;
    this.value = value;
    this.of = of;
  }

  /** What it is called, for people. */
  public String title() {
    return title;
  }

  /** What stands after it, for people. */
  public String of() {
    return of;
  }

  /** Whether it is in milliseconds. */
  public boolean isTime() {
    return time;
  }

  /** What it is of a lane, or null if that is not known. */
  public @Nullable Number value(Lane lane) {
    return value.apply(lane);
  }

  /** The stable form of a lane. */
  public static Map<String, @Nullable Object> json(Lane lane) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    Stream.of(values()).forEach(figure -> fields.put(figure.field, figure.value(lane)));
    return fields;
  }

  /** The names of its fields. */
  public static List<String> fields() {
    return Stream.of(values()).map(figure -> figure.field).toList();
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
