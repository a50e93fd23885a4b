package io.undercurrent.rows;

import io.undercurrent.kind.Incidental;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a statement of {@code write} is to change for each item.
 *
 * @param least at least so many
 * @param most at most so many, or null for any number
 */
@Incidental
public record ChangedPerItem(int least, @Nullable Integer most) {

  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(\\.\\.(\\d{1,6})?)?");

  /**
   * Reads {@code 1}, {@code 0..1} or {@code 1..}.
   *
   * @throws IllegalArgumentException if it is something else, or no row could ever be changed
   */
  static ChangedPerItem parse(String text) {
    var range = RANGE.matcher(text);
    if (!range.matches()) {
      throw new IllegalArgumentException(text);
    }
    var least = Integer.parseInt(range.group(1));
    var most = range.group(2) == null ? range.group(1) : range.group(3);
    if (most != null && Integer.parseInt(most) < Math.max(1, least)) {
      throw new IllegalArgumentException(text);
    }
    return new ChangedPerItem(least, most == null ? null : Integer.valueOf(most));
  }

  /** Whether that many rows may be changed for that many items together. */
  public boolean holds(long changed, long items) {
    return changed >= least * items && (most == null || changed <= most * items);
  }

  /** As the file writes it: {@code 0..1}. */
  public String range() {
    if (most == null) {
      return least + "..";
    }
    return least == most ? String.valueOf(least) : least + ".." + most;
  }

  /** In words: {@code 0 to 1 rows}. */
  public String words() {
    if (most == null) {
      return least + " rows or more";
    }
    return least == most
        ? least + (least == 1 ? " row" : " rows")
        : least + " to " + most + " rows";
  }
}
