package io.undercurrent.runner;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.UnknownOutcomeException;
import io.undercurrent.lease.LeaseLostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** What ends a runner's work for the moment without being a defect of it. */
final class Interruption {

  private Interruption() {}

  /** The reason in words, or nothing if it takes a stack trace. */
  static Optional<String> of(RuntimeException failure, String databaseName) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof LeaseLostException
          || cause instanceof UnknownOutcomeException
          || cause instanceof RefusedException) {
        return Optional.ofNullable(cause.getMessage());
      }
    }
    return failure instanceof DataAccessException || failure instanceof TransactionException
        ? Optional.of(
            "%s cannot be worked on: %s".formatted(databaseName, SqlFailure.of(failure).sentence()))
        : Optional.empty();
  }
}
