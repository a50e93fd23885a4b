package io.undercurrent.iteration;

/**
 * What one iteration did.
 *
 * @param items what the pace counts: walked keys, their weights, or a one-shot
 * @param walked how many keys it read
 * @param matching how many of them were handed to {@code write}
 * @param changed how many rows that has changed
 */
public record Counts(long items, long walked, long matching, ChangedRows changed) {

  /** In words: {@code 100 items, 98 rows changed}. */
  String words() {
    var total = changed.total();
    return (matching == walked
            ? items + " items"
            : "%d matching of %d keys walked".formatted(matching, walked))
        + (total == null ? "" : ", %d rows changed".formatted(total));
  }
}
