package io.undercurrent.database;

import org.jspecify.annotations.Nullable;

/**
 * A database that cannot be used now but may be later, without anybody changing the configuration:
 * it is down, starting up, unreachable, or takes no more connections.
 */
public class DatabaseDownException extends RefusedException {

  public DatabaseDownException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
