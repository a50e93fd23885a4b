package io.undercurrent.health;

import java.time.Duration;
import java.util.List;

/** The signals that are looked at. */
@FunctionalInterface
public interface Signals {

  /** Nothing is looked at. */
  Signals NONE = database -> List.of();

  /**
   * Those of a database, also the ones that are off.
   *
   * @param database its name
   */
  List<Signal> of(String database);

  /** How long one of a database's may be unreadable before it holds. */
  default Duration unknownAfter(String database) {
    return Duration.ofSeconds(60);
  }
}
