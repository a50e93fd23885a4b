package io.undercurrent.controller;

/**
 * How many items a chunk may have, and why.
 *
 * @param items how many, at least 1
 * @param rule what decided
 * @param targetMs the target duration, in ms
 * @param itemsPerMs the pace at that time; 0 while nothing was counted
 */
public record ChunkSize(int items, Rule rule, double targetMs, double itemsPerMs) {

  /** What decides about a size. */
  public enum Rule {
    /** {@code default_batch_size}: nothing was counted yet. */
    DEFAULT,
    /** The target duration at the pace so far. */
    PACE,
    /** {@code min_batch_size}: the pace allows less. */
    MINIMUM,
    /** A one-shot does all in one iteration. */
    ONE_SHOT
  }

  /** The size of a one-shot: everything, which counts as one item. */
  public static final ChunkSize ONE_SHOT = new ChunkSize(1, Rule.ONE_SHOT, 0, 0);

  /** The same, but of no more than so many items, and at least one. */
  public ChunkSize atMost(int most) {
    return new ChunkSize(Math.max(1, Math.min(items, most)), rule, targetMs, itemsPerMs);
  }
}
