package io.undercurrent.rows;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a kind that may be asked for a range of keys, where no bean sees the rows: it
 * changes the rows of the table that is read, each by itself.
 *
 * @param statement the UPDATE or DELETE, up to its condition, with no other table beside its own
 * @param onlyIf which of the rows in the range it changes, besides the filter of what is read, or
 *     null for all
 */
public record RangeChange(String statement, @Nullable String onlyIf) {

  private static final Pattern CHUNK = Pattern.compile("(?i)(?<![\\w$])chunk(?![\\w$])");

  boolean deletes() {
    return statement.startsWith("DELETE");
  }

  /** Whether it looks at the relation {@code chunk}, which a range does not have. */
  boolean mentionsChunk(@Nullable String filter) {
    return CHUNK.matcher(text(filter)).find();
  }

  /** All that it and a filter say. */
  String text(@Nullable String filter) {
    return String.join("\n", statement, String.valueOf(onlyIf), String.valueOf(filter));
  }
}
