package io.undercurrent.iteration;

/**
 * The search for the row on which a chunk fails: what is left of the chunk is halved, whether its
 * first half fails or goes through.
 *
 * @param left how many items of the chunk the row is among; 0 while none is searched for
 */
record Search(long left) {

  static final Search NONE = new Search(0);

  /** After a try of so many items has failed. */
  static Search among(int items) {
    return new Search(items);
  }

  /** After so many items went through. */
  Search behind(long done) {
    return left > done ? new Search(left - done) : NONE;
  }

  /** How many items the next try may have. */
  int items() {
    return left == 0 ? Integer.MAX_VALUE : (int) Math.max(1, left / 2);
  }
}
