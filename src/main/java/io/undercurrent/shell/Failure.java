package io.undercurrent.shell;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.core.NestedExceptionUtils;

/**
 * Why a command did not do what it should, as the operator is told.
 *
 * @param message one or more sentences; what the innermost cause says where nobody foresaw it
 * @param exitCode what is left to the caller of the command line
 * @param unexpected whether only the log can tell what happened
 */
record Failure(String message, int exitCode, boolean unexpected) {

  /** Looks for words that are meant for the operator. */
  static Failure of(Throwable failure, Explanations explanations) {
    return misuse(failure)
        .map(message -> new Failure(message, ExitCode.MISUSED, false))
        .or(
            () ->
                explanations
                    .of(failure)
                    .map(message -> new Failure(message, ExitCode.REFUSED, false)))
        .orElseGet(() -> new Failure(innermost(failure), ExitCode.REFUSED, true));
  }

  private static Optional<String> misuse(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(UsageException.class::isInstance)
        .map(Throwable::getMessage)
        .findFirst();
  }

  private static String innermost(Throwable failure) {
    var cause = NestedExceptionUtils.getMostSpecificCause(failure).toString();
    return cause.replaceAll("\\s+", " ").strip();
  }
}
