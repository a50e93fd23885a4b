package io.undercurrent.health;

import org.jspecify.annotations.Nullable;

/** What a look at a signal found. */
public sealed interface Reading {

  /**
   * A figure.
   *
   * @param value in the unit of the signal's limits
   * @param subject what it was found at, if there are several such: a standby, a slot, a table
   * @param detail what else there is to say, in a clause; null for nothing
   * @param threshold what holds in place of the limits' threshold, where the server has a limit of
   *     its own that is lower; null for none
   */
  record Value(
      double value, @Nullable String subject, @Nullable String detail, @Nullable Double threshold)
      implements Reading {

    /** A figure that is compared with the signal's limits. */
    public Value(double value, @Nullable String subject, @Nullable String detail) {
      this(value, subject, detail, null);
    }

    /** What it holds above where so much is configured. */
    public double threshold(double configured) {
      return threshold == null ? configured : Math.min(threshold, configured);
    }
  }

  /**
   * There is nothing of the kind, so nothing holds.
   *
   * @param why in a clause: {@code no standby is connected}
   */
  record Nothing(String why) implements Reading {}

  /**
   * It cannot be read.
   *
   * @param why in a clause, with the way out: {@code the role is no member of pg_monitor}
   */
  record Unknown(String why) implements Reading {}
}
