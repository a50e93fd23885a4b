package io.undercurrent.queue;

import io.undercurrent.database.RefusedException;
import org.jspecify.annotations.Nullable;

/** A job that cannot be started because one of its updates is queued already. */
public final class AlreadyQueuedException extends RefusedException {

  AlreadyQueuedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
