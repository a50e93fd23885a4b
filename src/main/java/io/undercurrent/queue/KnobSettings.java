package io.undercurrent.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What operators have set of one update.
 *
 * @param all at most one of each knob
 */
public record KnobSettings(List<KnobSetting> all) {

  /** Nothing. */
  public static final KnobSettings NONE = new KnobSettings(List.of());

  private static final JsonMapper JSON = JsonMapper.shared();

  public KnobSettings {
    all = List.copyOf(all);
  }

  /**
   * An SQL expression that gives those of an update as JSON, for {@link #of}.
   *
   * @param update SQL for the update's name
   */
  public static String asJson(String update) {
    return """
    (SELECT json_agg(json_build_object('update', update_name, 'name', name, 'value', value,
                                       'by', set_by, 'reason', reason, 'at', set_at)
                     ORDER BY name)
       FROM undercurrent.knobs
      WHERE knobs.update_name = %s)"""
        .formatted(update);
  }

  /** What the expression gave. */
  public static KnobSettings of(@Nullable String json) {
    return json == null
        ? NONE
        : new KnobSettings(
            JSON.readValue(json, new TypeReference<List<Row>>() {}).stream()
                .flatMap(row -> row.setting().stream())
                .toList());
  }

  public Optional<KnobSetting> find(Knob knob) {
    return all.stream().filter(setting -> setting.knob() == knob).findFirst();
  }

  /** The value of a knob that is a number. */
  public Optional<Integer> number(Knob knob) {
    return find(knob).map(KnobSetting::value).map(Integer::valueOf);
  }

  /** The value of a knob that is a duration. */
  public Optional<Duration> duration(Knob knob) {
    return find(knob).map(KnobSetting::value).map(DurationStyle::detectAndParse);
  }

  private record Row(
      String update, String name, String value, String by, @Nullable String reason, Instant at) {

    /** Empty for what a newer version has set. */
    Optional<KnobSetting> setting() {
      return Knob.of(name)
          .filter(knob -> knob.value(value).isPresent())
          .map(knob -> new KnobSetting(update, knob, value, by, reason, at));
    }
  }
}
