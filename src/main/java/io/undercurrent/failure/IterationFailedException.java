package io.undercurrent.failure;

import io.undercurrent.database.SqlFailure;
import org.jspecify.annotations.Nullable;

/** A try of an iteration was rolled back; the message has the error and the keys it failed at. */
public final class IterationFailedException extends RuntimeException {

  private final @Nullable String sqlState;
  private final FailureKind kind;

  public IterationFailedException(Throwable failure, String place, FailureKind kind) {
    super(at(place, sentence(failure)), failure);
    this.sqlState =
        failure instanceof BeanFailedException ? null : SqlFailure.of(failure).sqlState();
    this.kind = kind;
  }

  private static String at(String place, String sentence) {
    return place.isEmpty() || sentence.endsWith(place) ? sentence : sentence + ", " + place;
  }

  private static String sentence(Throwable failure) {
    return failure instanceof HopelessException || failure instanceof BeanFailedException
        ? String.valueOf(failure.getMessage())
        : SqlFailure.of(failure).sentence();
  }

  /** The SQLSTATE of the error, or null if it did not come from the database. */
  public @Nullable String sqlState() {
    return sqlState;
  }

  /** What to expect of the next try. */
  public FailureKind kind() {
    return kind;
  }
}
