package io.undercurrent.page;

import io.undercurrent.iteration.Progress;

/**
 * How large a chunk may be.
 *
 * @param items how many items it may have: walked keys, or their weights
 * @param written how many of its rows may match a filter, however many keys it walks over
 */
public record ChunkBounds(int items, int written) {

  /** How many rows it may have, which are held in memory. */
  public int rows() {
    return Math.min(items, Progress.MOST_ROWS);
  }

  /**
   * Whether the chunk is to have a single row, which may be the one that cannot be read: then the
   * one after it is not looked at either.
   */
  public boolean single() {
    return items == 1;
  }
}
