package io.undercurrent.runner;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.execution.UnknownOutcomeException;
import io.undercurrent.failure.ErrorTable;
import io.undercurrent.lease.LeaseLostException;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a runner from its work, attempt after attempt.
 *
 * @param sentence for the operator, with the way out
 * @param attempts how many in a row ended with what does not pass by itself; 0 if the last one did
 *     with what may: the database is down, a lock, a full disk
 */
public record Trouble(String sentence, int attempts) {

  private static final int MOST_ATTEMPTS = 5;
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String GRANTS = "db/grants.sql";

  /**
   * The trouble of an attempt that failed.
   *
   * @param before that of the attempt before, or null if it had none
   */
  static Trouble of(RuntimeException failure, Database database, @Nullable Trouble before) {
    var attempts = before == null ? 0 : before.attempts;
    return new Trouble(sentence(failure, database), passes(failure) ? 0 : attempts + 1);
  }

  /** That of a runner which has ended. */
  static Trouble end(String databaseName, Error error) {
    var sentence = "The runner of %s has ended: %s. Restart this process";
    return new Trouble(sentence.formatted(databaseName, error), MOST_ATTEMPTS);
  }

  /** Whether waiting does not help: so many attempts failed that an operator has to act. */
  public boolean lasts() {
    return attempts >= MOST_ATTEMPTS;
  }

  private static String sentence(RuntimeException failure, Database database) {
    var sql = SqlFailure.of(failure);
    var said =
        Interruption.of(failure, database.name())
            .orElseGet(
                () -> "%s cannot be worked on: %s".formatted(database.name(), sql.sentence()));
    return INSUFFICIENT_PRIVILEGE.equals(sql.sqlState()) && !said.contains(GRANTS)
        ? said + ". Have a superuser run " + GRANTS + " there"
        : said;
  }

  private static boolean passes(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabaseDownException
          || cause instanceof LeaseLostException
          || cause instanceof UnknownOutcomeException) {
        return true;
      }
    }
    var sql = SqlFailure.of(failure);
    return sql.down() || passes(sql.sqlState());
  }

  /** Locks, conflicts, and what the server lacks: memory, connections, room on the disk. */
  private static boolean passes(@Nullable String sqlState) {
    return sqlState != null
        && (ErrorTable.reaction(sqlState).isPassing()
            || sqlState.startsWith("53")
            || sqlState.startsWith("58"));
  }
}
