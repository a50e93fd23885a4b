package io.undercurrent.json;

import io.undercurrent.status.Lane;
import io.undercurrent.status.RunView;
import io.undercurrent.status.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The stable form of the slices of a run that was cut. */
public final class SliceJson {

  private SliceJson() {}

  /** How far each is; no slices of a run in one piece. */
  public static List<Map<String, @Nullable Object>> briefly(RunView run) {
    return run.slices().stream().flatMap(SliceJson::fields).toList();
  }

  /**
   * The same with its keys.
   *
   * @param named gives the parts of a key the names of its columns
   */
  public static List<Map<String, @Nullable Object>> all(
      RunView run, Function<List<String>, Map<String, String>> named) {
    return run.slices().stream()
        .flatMap(
            lane ->
                fields(lane)
                    .peek(
                        fields -> {
                          fields.put("after", key(run.beginOf(lane), named));
                          fields.put("position", key(lane.position(), named));
                          fields.put("end", key(lane.end(), named));
                        }))
        .toList();
  }

  private static Stream<Map<String, @Nullable Object>> fields(Lane lane) {
    return Stream.ofNullable(lane.slice()).map(slice -> fields(slice, lane));
  }

  private static Map<String, @Nullable Object> fields(Slice slice, Lane lane) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("slice", slice.number());
    fields.put("state", slice.state().json());
    fields.put("walked", lane.progress().rows());
    fields.put("percent", lane.percent());
    fields.put("items_per_ms", lane.begun() ? lane.itemsPerMs() : null);
    return fields;
  }

  private static @Nullable Object key(
      @Nullable List<String> key, Function<List<String>, Map<String, String>> named) {
    return key == null ? null : named.apply(key);
  }
}
