package io.undercurrent.doctor;

import java.util.List;

/**
 * What was found in a database.
 *
 * @param findings in the order of the checks
 * @param notDone the checks that could not be made, or not see everything
 */
public record Report(List<Finding> findings, List<NotDone> notDone) {

  /**
   * A check that could not be made, or not see everything.
   *
   * @param name the check's
   * @param reason why, a sentence
   */
  public record NotDone(String name, String reason) {}
}
