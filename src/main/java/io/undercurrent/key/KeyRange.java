package io.undercurrent.key;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a walk goes over, and in which direction.
 *
 * @param descending whether from the greatest key to the least
 * @param first the key that it begins with, or the values of its leading columns; null for any
 * @param last the key that it ends with, likewise
 */
public record KeyRange(
    boolean descending, @Nullable List<String> first, @Nullable List<String> last) {

  public static final KeyRange ALL = new KeyRange(false, null, null);

  /** The same, but from the greatest key to the least. */
  public KeyRange descending(boolean other) {
    return new KeyRange(other, first, last);
  }

  KeyRange between(@Nullable List<String> begin, @Nullable List<String> end) {
    return new KeyRange(descending, begin, end);
  }

  /** How a key compares with one that it comes after. */
  String after() {
    return descending ? "<" : ">";
  }

  /** How a key compares with the first. */
  String onwards() {
    return after() + "=";
  }

  /** How a key compares with the last. */
  String upTo() {
    return descending ? ">=" : "<=";
  }

  /** How a key compares with one that it comes before. */
  String before() {
    return descending ? ">" : "<";
  }

  /** What follows a column in ORDER BY. */
  String order() {
    return descending ? " DESC" : "";
  }

  /** The same for the way back. */
  String backwards() {
    return descending ? "" : " DESC";
  }
}
