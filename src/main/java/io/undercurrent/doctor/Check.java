package io.undercurrent.doctor;

/** One thing that may be wrong around Undercurrent in a database. */
interface Check {

  /** What its findings are called; {@code doctor --fix} takes it. */
  String name();

  /** Whether it reads Undercurrent's tables; it is left out where there are none. */
  default boolean readsOurTables() {
    return true;
  }

  /**
   * Looks, in a read-only transaction of its own with short timeouts. What it throws is reported as
   * a check that was not done.
   */
  void look(Patient patient, Findings found);
}
