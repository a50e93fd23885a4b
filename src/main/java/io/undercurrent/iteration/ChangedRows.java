package io.undercurrent.iteration;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many rows statements have changed, by PostgreSQL's own count.
 *
 * @param byStatement for each statement in order, null where that is not known, as for a SELECT
 *     that calls a function; empty while nothing was written
 */
public record ChangedRows(List<@Nullable Long> byStatement) {

  public static final ChangedRows NONE = new ChangedRows(List.of());
  public static final ChangedRows UNKNOWN = new ChangedRows(Collections.singletonList(null));

  private static final String SEPARATOR = ",";
  private static final String NOT_TOLD = "?";

  public ChangedRows {
    byStatement = Collections.unmodifiableList(new ArrayList<>(byStatement));
  }

  /** What {@link #text} has written; unknown if it is something else. */
  static ChangedRows parse(@Nullable Object text) {
    if (!(text instanceof String counts) || !counts.matches("((\\d{1,18}|\\?)(,|$))*")) {
      return UNKNOWN;
    }
    return counts.isEmpty()
        ? NONE
        : new ChangedRows(
            Stream.of(counts.split(SEPARATOR))
                .<@Nullable Long>map(count -> count.equals(NOT_TOLD) ? null : Long.valueOf(count))
                .toList());
  }

  String text() {
    return byStatement.stream()
        .map(count -> count == null ? NOT_TOLD : count.toString())
        .collect(joining(SEPARATOR));
  }

  /** All statements together, or null if one of them is not known. */
  public @Nullable Long total() {
    var total = 0L;
    for (var count : byStatement) {
      if (count == null) {
        return null;
      }
      total += count;
    }
    return total;
  }

  ChangedRows plus(ChangedRows more) {
    if (byStatement.isEmpty() || more.byStatement.isEmpty()) {
      return byStatement.isEmpty() ? more : this;
    }
    // A file that was edited in the middle of a run may have other statements.
    if (byStatement.size() != more.byStatement.size()) {
      return new ChangedRows(Collections.singletonList(sum(total(), more.total())));
    }
    var sums = new ArrayList<@Nullable Long>();
    for (var i = 0; i < byStatement.size(); i++) {
      sums.add(sum(byStatement.get(i), more.byStatement.get(i)));
    }
    return new ChangedRows(sums);
  }

  private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
    return one == null || other == null ? null : Long.valueOf(one + other);
  }
}
