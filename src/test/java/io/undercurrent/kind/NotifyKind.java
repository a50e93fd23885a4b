package io.undercurrent.kind;

import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;

/** Updates that notify who listens, as a kind that does not come with Undercurrent. */
final class NotifyKind implements UpdateKind {

  private static final Shape.Mapping NOTIFY =
      Shape.mapping(
          Key.required("channel", Shape.TEXT, "who hears of it"),
          Key.required("payload", Shape.SQL, "what they hear"));

  @Override
  public List<Key> keys() {
    return List.of(Key.required("notify", NOTIFY, "tells who listens"));
  }

  @Override
  public String example() {
    return "- {name: tell, notify: {channel: news, payload: SELECT 'done'}}\n";
  }

  @Override
  public Optional<Work> read(Section update) {
    return update.value("notify").flatMap(value -> value.section(NOTIFY)).flatMap(NotifyKind::work);
  }

  private static Optional<Work> work(Section notify) {
    var channel = notify.value("channel").flatMap(Value::text);
    var payload = notify.value("payload").flatMap(Value::sql);
    return channel.flatMap(to -> payload.map(sql -> new Notify(to, sql)));
  }
}
