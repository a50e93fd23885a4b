package io.undercurrent.shell.language;

import io.undercurrent.configuration.ConfigurationFailure;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a command did not do what it should, in words for the operator.
 *
 * @param message one or more sentences; what the innermost cause says where it was not foreseen
 * @param exitCode what is left to the caller of the command line
 * @param unexpected whether only the log can say what happened
 */
public record CommandFailure(String message, int exitCode, boolean unexpected) {

  /** The message, put into context where it was not meant for the operator. */
  public String after(String context) {
    return unexpected ? context + ": " + message : message;
  }

  /** Looks for the cause that was meant for the operator. */
  public static CommandFailure of(Throwable failure) {
    return cause(failure, UsageException.class)
        .map(usage -> new CommandFailure(text(usage), ExitCode.MISUSED, false))
        .or(
            () ->
                cause(failure, OutcomeException.class)
                    .map(outcome -> new CommandFailure(text(outcome), outcome.exitCode(), false)))
        .or(
            () ->
                ConfigurationFailure.message(failure)
                    .map(message -> new CommandFailure(message, ExitCode.REFUSED, false)))
        .orElseGet(() -> new CommandFailure(unexpected(failure), ExitCode.REFUSED, true));
  }

  private static String unexpected(Throwable failure) {
    return innermost(failure).toString().replaceAll("\\s+", " ").strip();
  }

  private static Throwable innermost(Throwable failure) {
    return causes(failure).reduce((outer, inner) -> inner).orElse(failure);
  }

  private static String text(Throwable failure) {
    return Objects.requireNonNullElse(failure.getMessage(), failure.toString());
  }

  private static <T> Optional<T> cause(Throwable failure, Class<T> type) {
    return causes(failure).filter(type::isInstance).map(type::cast).findFirst();
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }
}
