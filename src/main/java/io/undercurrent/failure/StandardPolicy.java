package io.undercurrent.failure;

/** What the table of errors says, tried in place as far as that makes sense. */
final class StandardPolicy implements FailurePolicy {

  private static final int SAME_SIZE_TRIES = 2;

  /** A chunk that took several times too long is still too long as a half. */
  private static final int TOO_LONG = 4;

  private static final int STILL_TOO_LONG = 8;

  @Override
  public Decision after(Failure failure) {
    if (ErrorTable.has(failure.cause(), EndsExecution.class)) {
      return new EndExecution(FailureKind.PASSING);
    }
    return switch (ErrorTable.reaction(failure.cause())) {
      case AGAIN -> new TryAgain(BackOff.moment(failure.attempt()), false);
      case GIVE_WAY -> giveWay(failure);
      case SMALLER -> failure.items() > 1 ? muchLess(failure) : counted(failure);
      case RECONNECT -> reconnect(failure);
      case WAIT -> new TryAgain(BackOff.doubled(failure.attempt()), false);
      case FIND_ROW -> failure.items() > 1 ? new Narrow() : rowFound(failure);
      case FIND_ITEM -> failure.items() > 1 ? new Narrow() : counted(failure);
      case STOP -> new EndExecution(FailureKind.HOPELESS);
      case ATTEMPTS -> counted(failure);
    };
  }

  private static Decision giveWay(Failure failure) {
    if (failure.attempt() > SAME_SIZE_TRIES && failure.items() > 1) {
      return less(failure);
    }
    var pause =
        failure.attempt() <= SAME_SIZE_TRIES
            ? BackOff.moment(failure.attempt())
            : BackOff.spread(failure.attempt() - SAME_SIZE_TRIES);
    return new TryAgain(pause, false);
  }

  /** A chunk that loses its session each time may be what ends it. */
  private static Decision reconnect(Failure failure) {
    return failure.attempt() > SAME_SIZE_TRIES && failure.items() > 1
        ? new TryLess(failure.items() / 2, BackOff.doubled(failure.attempt()))
        : new TryAgain(BackOff.doubled(failure.attempt()), false);
  }

  private static Decision less(Failure failure) {
    return new TryLess(failure.items() / 2, BackOff.moment(1));
  }

  private static Decision muchLess(Failure failure) {
    var parts = failure.attempt() == 1 ? TOO_LONG : STILL_TOO_LONG;
    return new TryLess(failure.items() / parts, BackOff.moment(1));
  }

  private static Decision counted(Failure failure) {
    var failures = failure.counted() + 1;
    return failures < BackOff.MOST_FAILURES
        ? new TryAgain(BackOff.doubled(failures), true)
        : rowFound(failure);
  }

  private static Decision rowFound(Failure failure) {
    return failure.oneRow() && failure.quarantine()
        ? new PutAside()
        : new EndExecution(FailureKind.HOPELESS);
  }
}
