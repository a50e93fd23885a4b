package io.undercurrent.failure;

/** What a failure says about the next execution. */
public enum FailureKind {
  /** The next one fails as well, until something is changed. */
  HOPELESS,
  /** What is in the way passes by itself. */
  PASSING,
  /** The next one may fail or not. */
  UNCLEAR;

  public static FailureKind of(Throwable failure) {
    return of(ErrorTable.reaction(failure));
  }

  static FailureKind of(Reaction reaction) {
    if (reaction.isPassing()) {
      return PASSING;
    }
    return reaction == Reaction.STOP ? HOPELESS : UNCLEAR;
  }
}
