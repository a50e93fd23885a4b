package io.undercurrent.shell.screen;

import io.undercurrent.database.RefusedException;

/** How an operator is asked before something is done that cannot be undone. */
@FunctionalInterface
public interface Confirmation {

  /** Where there is no terminal to ask at. */
  Confirmation BY_OPTION =
      (warning, answer, option) -> {
        throw new RefusedException("%s If that is meant, add %s.".formatted(warning, option));
      };

  /**
   * Asks, and returns if the operator means it.
   *
   * @param warning what is about to be done, a sentence
   * @param answer what the operator types to have it done
   * @param option what says the same on the command line
   * @throws RefusedException if the operator does not, or cannot be asked
   */
  void ask(String warning, String answer, String option);

  /** The same where the option is {@code --yes}. */
  default void ask(String warning, String answer) {
    ask(warning, answer, "--yes");
  }
}
