package io.undercurrent.controller;

/**
 * How many items a chunk may have, and why.
 *
 * @param items how many, at least 1
 * @param rule what decided
 * @param targetMs the target duration, in ms
 * @param itemsPerMs the pace that it follows; 0 while nothing was counted
 */
public record ChunkSize(int items, Rule rule, double targetMs, double itemsPerMs) {

  /** What decides about a size. */
  public enum Rule {
    /** {@code default_batch_size}: nothing was counted yet. */
    DEFAULT,
    /** The target duration at the pace of the latest chunks. */
    PACE,
    /** The target duration at the pace of the latest chunk alone, which was slow. */
    SLOW,
    /** Several times what the latest chunk had: the pace allows more. */
    GROWTH,
    /** The target duration at the average pace of the run: the reference's rule. */
    AVERAGE,
    /** {@code min_batch_size}: the pace allows less. */
    MINIMUM,
    /** The job file's {@code batch: {max}}: the pace allows more. */
    MAXIMUM,
    /** What chunks are held to after one was too much. */
    HELD,
    /** What chunks are held to after sessions of others have waited for one. */
    HALVED,
    /** Half of what is left of a chunk that has failed on a row. */
    SEARCH,
    /** A one-shot does all in one iteration. */
    ONE_SHOT
  }

  /** The size of a one-shot: everything, which counts as one item. */
  public static final ChunkSize ONE_SHOT = new ChunkSize(1, Rule.ONE_SHOT, 0, 0);

  /** The same, but of no more than so many items, and at least one. */
  public ChunkSize atMost(int most) {
    return atMost(most, rule);
  }

  /** The same, but of at least so many items, as {@code min_batch_size} says. */
  ChunkSize atLeast(int least) {
    return new ChunkSize(Math.max(items, least), Rule.MINIMUM, targetMs, itemsPerMs);
  }

  /**
   * The same, but of no more than so many items, and at least one.
   *
   * @param because what has decided if that is less
   */
  public ChunkSize atMost(int most, Rule because) {
    return most < items ? new ChunkSize(Math.max(1, most), because, targetMs, itemsPerMs) : this;
  }
}
