package io.undercurrent.state;

import io.undercurrent.status.Explanation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A hold as programs see it, for tests that compare words. */
public record Reason(String cause, @Nullable String update, String sentence) {

  public static List<Reason> of(Explanation explanation) {
    return explanation.reasons().stream()
        .map(
            hold ->
                new Reason(
                    hold.kind().json(),
                    hold.update(),
                    HoldSentences.UTC.of(explanation.database(), hold)))
        .toList();
  }
}
