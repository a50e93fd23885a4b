package io.undercurrent.execution;

/** A slice that another process has worked on, and that has failed there. */
public final class SliceFailedException extends RuntimeException {

  private final transient ExecutionFailure failure;

  public SliceFailedException(ExecutionFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  ExecutionFailure failure() {
    return failure;
  }
}
