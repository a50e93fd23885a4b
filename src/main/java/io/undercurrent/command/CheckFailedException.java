package io.undercurrent.command;

import io.undercurrent.database.RefusedException;

/** A job that is not queued because its check has found problems; they are in the message. */
public final class CheckFailedException extends RefusedException {

  CheckFailedException(String message) {
    super(message);
  }
}
