package io.undercurrent.failure;

import io.undercurrent.failure.FailurePolicy.InPlace;

/** What becomes of a failed try that is followed by another one in the same execution. */
public interface Setbacks {

  /** How many failures there were in a row that count. */
  int counted();

  /**
   * Notes a failure for operators if it takes long to get over it, and waits as long as was
   * decided; no transaction is open meanwhile. A stop ends the wait with what the engine throws
   * then.
   */
  void getOver(IterationFailedException failure, InPlace decision);
}
