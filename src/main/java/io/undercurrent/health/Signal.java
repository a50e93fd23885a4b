package io.undercurrent.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A sign of how a database does, which holds its updates where it is bad. It is asked on a thread
 * and a connection of the watch's own, never on a runner's.
 */
public interface Signal {

  /** How often one is looked at that is another one with each iteration. */
  Duration AT_ONCE = Duration.ofMillis(500);

  /** How often one is looked at that costs the server next to nothing. */
  Duration OFTEN = Duration.ofSeconds(1);

  /** How often one is looked at that reads more, or changes slowly. */
  Duration SELDOM = Duration.ofSeconds(10);

  /** Its name in the configuration and wherever it is shown: {@code replication-lag}. */
  String name();

  /** When it holds. */
  Limits limits();

  /** The time from one look to the next. */
  default Duration every() {
    return OFTEN;
  }

  /**
   * Above it, the next chunk of every lane of the update in hand is half as large, and after the
   * next look that finds as much the one after that; null for never.
   */
  default @Nullable Double smallerAbove() {
    return null;
  }

  /**
   * Looks once; several of a kind (standbys, slots) are shown by the worst. Its statements end
   * within seconds: the session has a timeout.
   *
   * @throws RuntimeException if it cannot be read, whose message says why
   */
  Reading look(Look look);
}
