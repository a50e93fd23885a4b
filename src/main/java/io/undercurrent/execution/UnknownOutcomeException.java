package io.undercurrent.execution;

import io.undercurrent.queue.QueuedUpdate;

/**
 * Whether an update's last commit happened, or how its execution ended, is not known; the runner
 * starts over with what the database says.
 */
public final class UnknownOutcomeException extends RuntimeException {

  private final transient QueuedUpdate update;
  private final transient ExecutionFailure failure;

  public UnknownOutcomeException(QueuedUpdate update, ExecutionFailure failure) {
    super("The outcome of update '%s' is unknown (%s)".formatted(update.name(), failure.message()));
    this.update = update;
    this.failure = failure;
  }

  public QueuedUpdate update() {
    return update;
  }

  public ExecutionFailure failure() {
    return failure;
  }
}
