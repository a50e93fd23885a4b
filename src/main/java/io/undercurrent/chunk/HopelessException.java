package io.undercurrent.chunk;

import io.undercurrent.database.RefusedException;
import org.jspecify.annotations.Nullable;

/** An iteration failed as it will fail each time, until somebody has changed something. */
final class HopelessException extends RefusedException {

  HopelessException(String message) {
    super(message);
  }

  HopelessException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
