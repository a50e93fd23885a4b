package io.undercurrent.page;

import io.undercurrent.bean.Row;
import io.undercurrent.failure.HopelessException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chunk as it has been read.
 *
 * @param rows its items
 * @param start the key that it begins after, or null for the first chunk
 * @param end the last key that it walked over, or null before the first chunk
 * @param items what it counts: its rows, or the sum of their weights
 * @param rowsWalked how many keys it walked over
 * @param last whether no key follows
 * @param cut whether it ended before it had all that it was allowed
 */
public record KeysetChunk(
    List<Row> rows,
    @Nullable List<String> start,
    @Nullable List<String> end,
    long items,
    int rowsWalked,
    boolean last,
    boolean cut) {

  /** Where the next chunk begins, before one has been read. */
  public static KeysetChunk endingAt(@Nullable List<String> position) {
    return new KeysetChunk(List.of(), position, position, 0, 0, false, false);
  }

  /** The chunk that follows this one, before it has been read. */
  public KeysetChunk follow() {
    return endingAt(end);
  }

  /** The chunk that follows this one where there is nothing left. */
  public KeysetChunk nothing() {
    return new KeysetChunk(List.of(), end, end, 0, 0, true, false);
  }

  /** The chunk that follows this one and ends at that key. */
  public KeysetChunk next(
      List<Row> rows, List<String> key, long items, int rowsWalked, boolean last) {
    if (key.equals(end)) {
      throw new HopelessException(
          "expected keys after %s, found it again: its text form stands for another value. Name another key"
              .formatted(key));
    }
    return new KeysetChunk(rows, end, key, items, rowsWalked, last, false);
  }

  /** The same, but ending at a row of it; more follows. */
  public KeysetChunk cutAt(int rows, List<String> key, long items, int rowsWalked) {
    return new KeysetChunk(this.rows.subList(0, rows), start, key, items, rowsWalked, false, true);
  }

  /** The same, but more may follow. */
  public KeysetChunk more() {
    return new KeysetChunk(rows, start, end, items, rowsWalked, false, cut);
  }

  /** How many keys it walked over that are no items. */
  public int rowsFiltered() {
    return Math.max(0, rowsWalked - rows.size());
  }

  /** Where it is, for messages. */
  public String place() {
    var from = start == null ? "" : " after " + start;
    var to = Objects.equals(start, end) ? "" : " up to " + end;
    return from.isEmpty() && to.isEmpty() ? "in the first chunk" : "in the chunk" + from + to;
  }
}
