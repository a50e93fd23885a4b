package io.undercurrent.rows;

import io.undercurrent.iteration.UpdateContext;

/**
 * What a kind does around its chunks: the constraint, column or trigger that they need, and what
 * becomes of it. Each part is an iteration of its own, done before its transaction, which then
 * notes that it is done. A part may be called again after a crash or a failure: it finds what is
 * there.
 */
public interface Frame {

  /** Nothing but chunks. */
  Frame NONE =
      new Frame() {

        @Override
        public void before(UpdateContext update) {}

        @Override
        public void after(UpdateContext update) {}
      };

  /**
   * Comes before the first chunk of a run, and before the run's end is looked up: rows that are
   * inserted later are not walked over. Called with no transaction open.
   *
   * @throws RuntimeException if it cannot be done; what follows depends on its SQLSTATE
   */
  void before(UpdateContext update);

  /** Comes after the last chunk, likewise. */
  void after(UpdateContext update);

  /**
   * Whether nothing is left to do, neither in chunks nor after them: all was so before the run, or
   * a run begins again whose end was not noted. Asked after the first part; asks the catalogue.
   */
  default boolean isOver(UpdateContext update) {
    return false;
  }
}
