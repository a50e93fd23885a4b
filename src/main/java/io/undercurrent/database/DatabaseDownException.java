package io.undercurrent.database;

import org.jspecify.annotations.Nullable;

/**
 * A database that cannot be used now but may be later, without a change of the configuration: it is
 * down, starting up, unreachable, or accepts no more connections.
 */
public class DatabaseDownException extends RefusedException {

  public DatabaseDownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
