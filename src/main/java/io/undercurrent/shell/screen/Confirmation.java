package io.undercurrent.shell.screen;

import io.undercurrent.database.RefusedException;

/** How an operator is asked before something is done that cannot be undone. */
@FunctionalInterface
public interface Confirmation {

  /** Where there is no terminal to ask at. */
  Confirmation BY_OPTION =
      (warning, answer) -> {
        throw new RefusedException(warning + " If that is meant, add --yes.");
      };

  /**
   * Asks, and returns if the operator means it.
   *
   * @param warning what is about to be done, a sentence
   * @param answer what the operator types to have it done
   * @throws RefusedException if the operator does not, or cannot be asked
   */
  void ask(String warning, String answer);
}
