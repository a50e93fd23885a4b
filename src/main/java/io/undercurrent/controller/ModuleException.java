package io.undercurrent.controller;

import org.jspecify.annotations.Nullable;

/** A module cannot be loaded or started; the message says which one, why, and the way out. */
public final class ModuleException extends RuntimeException {

  ModuleException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
