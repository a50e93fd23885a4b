package io.undercurrent.json;

import io.undercurrent.state.Hold;
import io.undercurrent.state.HoldSentences;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The stable form of a reason. */
public record ReasonJson(
    String cause,
    @Nullable String update,
    String reason,
    @Nullable Instant since,
    @Nullable String signal,
    @Nullable String subject,
    @Nullable Double value,
    @Nullable Double threshold,
    @Nullable String unit) {

  public static List<ReasonJson> all(String database, List<Hold> holds) {
    return holds.stream().map(hold -> of(database, hold)).toList();
  }

  private static ReasonJson of(String database, Hold hold) {
    var reason = HoldSentences.UTC.of(database, hold);
    var measure = hold.measure();
    return measure == null
        ? new ReasonJson(
            hold.kind().json(), hold.update(), reason, hold.since(), null, null, null, null, null)
        : new ReasonJson(
            hold.kind().json(),
            hold.update(),
            reason,
            hold.since(),
            measure.signal(),
            measure.subject(),
            measure.value(),
            measure.threshold(),
            measure.unit().name().toLowerCase(Locale.ROOT));
  }
}
