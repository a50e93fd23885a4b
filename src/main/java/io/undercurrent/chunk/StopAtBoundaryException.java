package io.undercurrent.chunk;

/** A wish, a stop or a shutdown ends the step between two iterations; not a failure. */
final class StopAtBoundaryException extends RuntimeException {

  StopAtBoundaryException(String reason) {
    super(reason);
  }

  StopAtBoundaryException(String reason, Throwable cause) {
    super(reason, cause);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
