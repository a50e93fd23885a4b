package io.undercurrent.database;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What PostgreSQL or the connection to it reported about a failure.
 *
 * @param sentence the message with its detail and SQLSTATE, on one line
 * @param sqlState the SQLSTATE, or null if it has none
 * @param down whether the database could not be reached or the session was lost: the same may
 *     succeed later; not where one side does not trust the other
 */
public record SqlFailure(String sentence, @Nullable String sqlState, boolean down) {

  // terminated by an administrator, crash, starting up or shutting down, idle session, idle in
  // transaction, transaction timeout, too many connections
  private static final Set<String> DOWN =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "53300");
  private static final String LOGIN_REJECTED = "08004";

  /** Looks for the SQL error in a failure and its causes; the innermost with a SQLSTATE counts. */
  public static SqlFailure of(Throwable failure) {
    var sqlException = sqlException(failure);
    if (sqlException == null) {
      return new SqlFailure(message(failure), null, false);
    }
    var sqlState = sqlException.getSQLState();
    var trust = TrustFailure.of(failure);
    if (sqlState != null && isDown(sqlState) && trust.isPresent()) {
      return new SqlFailure(
          "%s (SQLSTATE %s)".formatted(oneLine(trust.get()), sqlState), sqlState, false);
    }
    return sqlState == null
        ? new SqlFailure(message(sqlException), null, isPoolTimeout(sqlException))
        : new SqlFailure(
            "%s (SQLSTATE %s)%s".formatted(message(sqlException), sqlState, wayOut(sqlException)),
            sqlState,
            isDown(sqlState));
  }

  private static @Nullable SQLException sqlException(Throwable failure) {
    SQLException found = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && (found == null || sql.getSQLState() != null)) {
        found = sql;
      }
    }
    return found;
  }

  private static boolean isDown(String sqlState) {
    return DOWN.contains(sqlState)
        || (sqlState.startsWith("08") && !sqlState.equals(LOGIN_REJECTED));
  }

  /** Known by the function that reports it: its SQLSTATE is shared, its text is translated. */
  private static String wayOut(SQLException exception) {
    return exception instanceof PSQLException answer
            && answer.getServerErrorMessage() != null
            && "check_enable_rls".equals(answer.getServerErrorMessage().getRoutine())
        ? ". Rows that its policies hide would be left out. Give the role BYPASSRLS, or set 'row-security: filter' in the job file if the update should leave them out"
        : "";
  }

  private static boolean isPoolTimeout(SQLException exception) {
    return exception instanceof SQLTransientConnectionException;
  }

  private static String message(Throwable failure) {
    if (failure instanceof PSQLException exception && exception.getServerErrorMessage() != null) {
      return message(exception.getServerErrorMessage());
    }
    var message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : oneLine(message);
  }

  private static String message(ServerErrorMessage error) {
    var detail = error.getDetail();
    var message = String.valueOf(error.getMessage());
    return oneLine(detail == null ? message : message + ": " + detail);
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
