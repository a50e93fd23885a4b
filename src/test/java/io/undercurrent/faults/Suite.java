package io.undercurrent.faults;

import java.time.Duration;

/**
 * How much the suite does: a little, or with {@code -Dfaults.full} all that it can; single numbers
 * have properties of their own.
 */
final class Suite {

  private static final boolean FULL = System.getProperty("faults.full") != null;

  private Suite() {}

  /**
   * How often something is done.
   *
   * @param name the property {@code faults.NAME} decides
   */
  static int count(String name, int few, int many) {
    return Integer.getInteger("faults." + name, FULL ? many : few);
  }

  /** How long a fault lasts: a tenth of its time, unless all is asked for. */
  static Duration seconds(int seconds) {
    return FULL ? Duration.ofSeconds(seconds) : Duration.ofMillis(Math.max(2_000, seconds * 100L));
  }

  /** What a case's random numbers begin with, to be given again as {@code faults.seed}. */
  static long seed() {
    return Long.getLong("faults.seed", System.nanoTime());
  }
}
