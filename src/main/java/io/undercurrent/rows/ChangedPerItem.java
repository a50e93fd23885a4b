package io.undercurrent.rows;

import io.undercurrent.failure.HopelessException;
import io.undercurrent.kind.Incidental;
import io.undercurrent.yaml.Section;
import io.undercurrent.yaml.Shape;
import io.undercurrent.yaml.Shape.Key;
import java.util.Optional;
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

  private static final Shape.Mapping SHAPE =
      Shape.mapping(
          Key.required(
              "changed-per-item",
              Shape.TEXT,
              "how many rows each statement changes for an item: 1, 0..1 or 1.."));

  /** Where an update says it. */
  public static final Key KEY = Key.optional("expect", SHAPE, "what a correct run changes");

  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(\\.\\.(\\d{1,6})?)?");

  /** Reads it from an update; empty if that does not say, or there is a problem. */
  public static Optional<ChangedPerItem> read(Section update) {
    return update
        .value(KEY.name())
        .flatMap(value -> value.section(SHAPE))
        .flatMap(expect -> expect.value("changed-per-item"))
        .flatMap(
            range ->
                range.parsed(
                    "a number above 0, or a range such as 0..1, 1..3 or 1..",
                    ChangedPerItem::parse));
  }

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

  /**
   * Makes sure that it does.
   *
   * @param by which statement has changed them, as the end of a clause
   * @throws HopelessException if it does not
   */
  void require(long changed, long items, String by) {
    if (!holds(changed, items)) {
      throw new HopelessException(
          "expected %s changed for each item, found %d changed for %d items%s (rolled back; fix the statement or 'expect', then: retry)"
              .formatted(words(), changed, items, by));
    }
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
