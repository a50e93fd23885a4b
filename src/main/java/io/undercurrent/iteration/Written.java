package io.undercurrent.iteration;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What came of the keys that a run has walked; travels with its progress.
 *
 * @param matching how many of them were handed to {@code write}, or null if an older version has
 *     begun the run
 * @param changed how many rows that has changed
 */
public record Written(@Nullable Long matching, ChangedRows changed) {

  static final Written NOTHING = new Written(0L, ChangedRows.NONE);

  private static final String MATCHING = "undercurrent.matching";
  private static final String CHANGED = "undercurrent.changed";
  private static final String BY_STATEMENT = "undercurrent.changedByStatement";

  /** What a context's entries say about iterations that were committed. */
  static Written of(Map<String, Object> context) {
    return new Written(
        context.get(MATCHING) instanceof Number matching ? matching.longValue() : null,
        ChangedRows.parse(context.get(BY_STATEMENT)));
  }

  void writeTo(ExecutionContext context) {
    put(context, MATCHING, matching);
    // The total is for the view undercurrent.update_history.
    put(context, CHANGED, changed.total());
    context.putString(BY_STATEMENT, changed.text());
  }

  private static void put(ExecutionContext context, String key, @Nullable Long number) {
    if (number == null) {
      context.remove(key);
    } else {
      context.putLong(key, number);
    }
  }

  /** Of both together. */
  Written plus(Written other) {
    return new Written(
        matching == null || other.matching == null ? null : Long.valueOf(matching + other.matching),
        changed.plus(other.changed));
  }

  Written plus(Counts counts) {
    return new Written(
        matching == null ? null : Long.valueOf(matching + counts.matching()),
        changed.plus(counts.changed()));
  }
}
