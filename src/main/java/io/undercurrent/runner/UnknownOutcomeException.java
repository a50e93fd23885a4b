package io.undercurrent.runner;

/**
 * Whether an update's last commit happened, or how its execution ended, could not be learned; the
 * runner begins anew with what the database says.
 */
final class UnknownOutcomeException extends RuntimeException {

  UnknownOutcomeException(String update, String reason) {
    super("The outcome of update '%s' is unknown (%s)".formatted(update, reason));
  }
}
