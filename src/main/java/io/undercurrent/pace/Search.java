package io.undercurrent.pace;

/**
 * The search for the row on which a chunk fails: what is left of the chunk is halved, whether its
 * first half fails or goes through.
 *
 * @param left how many items of the chunk the row is among; 0 while none is searched for
 */
public record Search(long left) {

  public static final Search NONE = new Search(0);

  /** After a try of so many items has failed. */
  public static Search among(int items) {
    return new Search(items);
  }

  /** After so many items went through. */
  public Search behind(long done) {
    return left > done ? new Search(left - done) : NONE;
  }

  /** How many items the next try may have. */
  public int items() {
    return left == 0 ? Integer.MAX_VALUE : (int) Math.max(1, left / 2);
  }
}
