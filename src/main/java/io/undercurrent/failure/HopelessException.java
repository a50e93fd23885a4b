package io.undercurrent.failure;

import io.undercurrent.database.RefusedException;
import org.jspecify.annotations.Nullable;

/** An iteration failed as it will fail each time, until something is changed. */
public final class HopelessException extends RefusedException {

  public HopelessException(String message) {
    super(message);
  }

  public HopelessException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
