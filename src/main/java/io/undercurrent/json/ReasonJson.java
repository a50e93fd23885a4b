package io.undercurrent.json;

import io.undercurrent.state.Hold;
import io.undercurrent.state.HoldSentences;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stable form of a reason. */
public record ReasonJson(String cause, @Nullable String update, String reason) {

  public static List<ReasonJson> all(String database, List<Hold> holds) {
    return holds.stream()
        .map(
            hold ->
                new ReasonJson(
                    hold.kind().json(), hold.update(), HoldSentences.UTC.of(database, hold)))
        .toList();
  }
}
