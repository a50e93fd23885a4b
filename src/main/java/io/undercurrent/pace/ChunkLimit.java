package io.undercurrent.pace;

import java.time.Duration;
import java.util.Map;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * What chunks are held to after one was too much, for itself or for others, until one goes through;
 * they may grow again once that has gone well for a while. Kept in the step's execution context.
 *
 * @param items how many items a chunk may have
 * @param patience how many chunks have to go well before the next may be larger; more after each
 *     time that was too early; 0 if none was too much, but one ran out of time
 * @param still how many of those are still to come
 * @param lastMs what an item of the last chunk took that was allowed to grow, in ms; 0 if unknown
 * @param fixedMs how long a chunk of a single item took, in ms, where that was longer than its
 *     target; 0 if it is not: no chunk can be faster then
 * @param halved whether it was too much for others, who waited for it, and was not rolled back
 */
public record ChunkLimit(
    int items, int patience, int still, double lastMs, double fixedMs, boolean halved) {

  static final ChunkLimit NONE = new ChunkLimit(Integer.MAX_VALUE, 1, 0, 0, 0, false);

  private static final String PREFIX = "undercurrent.limit.";
  private static final int MOST_PATIENCE = 64;
  private static final int HASTE = 4;
  private static final int GROWTH = 4;

  /** How many chunks of a quarter have the rows of one that was too much: they are still ahead. */
  private static final int AHEAD = 4;

  /** What makes a larger chunk worth its time: an item of it has to cost that much less. */
  private static final double CHEAPER = 0.75;

  static ChunkLimit of(Map<String, Object> context) {
    return context.get(PREFIX + "items") instanceof Number items
        ? new ChunkLimit(
            Math.max(1, items.intValue()),
            number(context, "patience").intValue(),
            number(context, "still").intValue(),
            number(context, "lastMs").doubleValue(),
            number(context, "fixedMs").doubleValue(),
            context.containsKey(PREFIX + "halved"))
        : NONE;
  }

  private static Number number(Map<String, Object> context, String name) {
    return context.get(PREFIX + name) instanceof Number number ? number : 0;
  }

  void writeTo(ExecutionContext context) {
    if (equals(NONE)) {
      context.remove(PREFIX + "items");
      context.remove(PREFIX + "halved");
      return;
    }
    context.putInt(PREFIX + "items", items);
    context.putInt(PREFIX + "patience", patience);
    context.putInt(PREFIX + "still", still);
    context.putDouble(PREFIX + "lastMs", lastMs);
    context.putDouble(PREFIX + "fixedMs", fixedMs);
    if (halved) {
      context.putString(PREFIX + "halved", "true");
    } else {
      context.remove(PREFIX + "halved");
    }
  }

  /** How long no chunk takes less. */
  public Duration fixed() {
    return Duration.ofNanos((long) (fixedMs * 1e6));
  }

  /** After a chunk that others have waited for. */
  ChunkLimit halved(int fewer) {
    var limit = atMost(fewer);
    return new ChunkLimit(limit.items, limit.patience, limit.still, 0, fixedMs, true);
  }

  /** After a chunk that was too much. */
  ChunkLimit atMost(int fewer) {
    // Only a chunk that was allowed to grow shows that it was too early.
    var grown = items != Integer.MAX_VALUE && still == patience;
    var more = grown ? morePatience() : Math.max(1, patience);
    return new ChunkLimit(Math.max(1, fewer), more, Math.max(AHEAD, more) - 1, 0, fixedMs, false);
  }

  private int morePatience() {
    return Math.min(MOST_PATIENCE, Math.max(1, patience) * HASTE);
  }

  /** Whether a chunk was too much. */
  boolean isSetback() {
    return patience > 0 && items != Integer.MAX_VALUE;
  }

  /** After a chunk that ended before it had all that it was allowed, because time was up. */
  ChunkLimit cutAfter(long done) {
    var twice = (int) Math.min(Integer.MAX_VALUE, 2 * Math.max(1, done));
    return new ChunkLimit(Math.min(items, twice), 0, 0, 0, fixedMs, halved);
  }

  /**
   * After a chunk that went well.
   *
   * @param done its items
   * @param wanted how many it would have been allowed without the limit
   */
  ChunkLimit after(long done, int wanted, Duration duration, Duration target) {
    if (done == 0) {
      return this;
    }
    var ms = duration.toNanos() / 1e6;
    var slow = duration.compareTo(target) > 0;
    var fixed = !slow ? 0 : done == 1 ? ms : fixedMs;
    if (items == Integer.MAX_VALUE || done < Math.min(items, wanted)) {
      return new ChunkLimit(items, patience, still, lastMs, fixed, halved);
    }
    var itemMs = ms / done;
    if (slow && lastMs > 0 && still == patience && itemMs > CHEAPER * lastMs) {
      var more = morePatience();
      return new ChunkLimit(Math.max(1, items / GROWTH), more, more - 1, 0, fixed, halved);
    }
    if (still > 0) {
      return new ChunkLimit(items, patience, still - 1, lastMs, fixed, halved);
    }
    if (items >= wanted || items >= wanted / 2 && !slow) {
      return new ChunkLimit(Integer.MAX_VALUE, 1, 0, 0, fixed, false);
    }
    var more = (int) Math.min(Integer.MAX_VALUE - 1, (slow ? 2L : GROWTH) * items);
    return new ChunkLimit(more, patience, patience, itemMs, fixed, halved);
  }
}
