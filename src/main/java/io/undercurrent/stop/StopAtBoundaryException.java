package io.undercurrent.stop;

/** A wish, a stop or a shutdown ends the step between two iterations; not a failure. */
public final class StopAtBoundaryException extends RuntimeException {

  public StopAtBoundaryException(String reason) {
    super(reason);
  }

  public StopAtBoundaryException(String reason, Throwable cause) {
    super(reason, cause);
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
