package io.undercurrent.lane;

/**
 * What the steps of a run are called that is worked on in several lanes.
 *
 * @param update the update, whose name is that of the step of a run in one lane
 */
public record SliceNames(String update) {

  /** The step that has the slices worked on. */
  public String manager() {
    return update + ":lanes";
  }

  /**
   * The step of a slice.
   *
   * @param number from 1, in the order of the key
   */
  public String slice(int number) {
    return update + ":slice" + number;
  }
}
