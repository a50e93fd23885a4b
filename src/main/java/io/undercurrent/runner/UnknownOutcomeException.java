package io.undercurrent.runner;

import io.undercurrent.queue.QueuedUpdate;

/**
 * Whether an update's last commit happened, or how its execution ended, is not known; the runner
 * starts over with what the database says.
 */
final class UnknownOutcomeException extends RuntimeException {

  private final transient QueuedUpdate update;
  private final transient ExecutionFailure failure;

  UnknownOutcomeException(QueuedUpdate update, ExecutionFailure failure) {
    super("The outcome of update '%s' is unknown (%s)".formatted(update.name(), failure.message()));
    this.update = update;
    this.failure = failure;
  }

  QueuedUpdate update() {
    return update;
  }

  ExecutionFailure failure() {
    return failure;
  }
}
