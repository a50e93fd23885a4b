package io.undercurrent.iteration;

import io.undercurrent.database.SqlFailure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure says about the next try. */
public enum FailureKind {
  /** The next try fails as well, until something is changed. */
  HOPELESS,
  /** Other sessions were in the way, whose transactions will end. */
  PASSING,
  /** The next try may fail or not. */
  UNCLEAR;

  /** A lock held too long, a serialization failure, a deadlock. */
  private static final Set<String> OF_OTHER_SESSIONS = Set.of("55P03", "40001", "40P01");

  public static FailureKind of(Throwable failure) {
    return failure instanceof HopelessException ? HOPELESS : of(SqlFailure.of(failure).sqlState());
  }

  /** By its SQLSTATE alone. */
  public static FailureKind of(@Nullable String sqlState) {
    return sqlState != null && OF_OTHER_SESSIONS.contains(sqlState) ? PASSING : UNCLEAR;
  }
}
