package io.undercurrent.iteration;

import io.undercurrent.database.RefusedException;

/** Finds the item processors and writers that job files name. */
public interface Beans {

  /** For engines without beans: refuses every name. */
  Beans NONE =
      new Beans() {
        @Override
        public <T> T get(String name, Class<T> type) {
          throw new RefusedException(
              "expected a bean '%s' of type %s, found none".formatted(name, type.getSimpleName()));
        }
      };

  /**
   * Finds a bean.
   *
   * @throws RefusedException if no bean has that name and type
   */
  <T> T get(String name, Class<T> type);
}
