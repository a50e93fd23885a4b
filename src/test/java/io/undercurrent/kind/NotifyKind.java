package io.undercurrent.kind;

import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Value;
import java.util.List;
import java.util.Optional;

/** Updates that notify who listens, as a kind that does not come with Undercurrent. */
final class NotifyKind implements UpdateKind {

  @Override
  public List<String> keys() {
    return List.of("notify");
  }

  @Override
  public Optional<Work> read(Section update) {
    return update
        .value("notify")
        .flatMap(value -> value.section(List.of("channel", "payload")))
        .flatMap(NotifyKind::work);
  }

  private static Optional<Work> work(Section notify) {
    var channel = notify.required("channel").flatMap(Value::text);
    var payload = notify.required("payload").flatMap(Value::sql);
    return channel.flatMap(to -> payload.map(sql -> new Notify(to, sql)));
  }
}
