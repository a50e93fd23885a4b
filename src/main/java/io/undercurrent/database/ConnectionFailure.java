package io.undercurrent.database;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.GT;

/** Says in a sentence why there is no connection to a database, and what to do about it. */
final class ConnectionFailure {

  private ConnectionFailure() {}

  /** Explains; a failure that may pass by itself is a {@link DatabaseDownException}. */
  static RefusedException explain(DatabaseSettings settings, Exception exception) {
    if (exception.getCause() instanceof RefusedException refused) {
      return refused;
    }
    var failure = SqlFailure.of(exception);
    var message =
        "Database '%s': %s"
            .formatted(
                settings.name(),
                failure.down()
                    ? whyDown(settings, failure, exception)
                    : whyRefused(settings, failure, exception));
    return failure.down()
        ? new DatabaseDownException(message, exception)
        : new RefusedException(message, exception);
  }

  /** Refuses a pooler in transaction or statement mode. */
  static RefusedException sharedSessions(DatabaseSettings settings) {
    return new RefusedException(
        "Database '%s': expected a session of its own for each connection, found a pooler at %s that shares them, as PgBouncer does in transaction or statement mode: locks and settings would end up in the sessions of other clients. Set pool_mode = session there for this user or database, or configure the url of the server itself"
            .formatted(settings.name(), settings.location()));
  }

  /** Says that a pooler has no session left. */
  static RefusedException noSecondSession(DatabaseSettings settings, SQLException exception) {
    return new DatabaseDownException(
        "Database '%s': expected a second session from the pooler at %s, got: %s. Give it a larger pool for this user and database (PgBouncer: pool_size), or configure the url of the server itself"
            .formatted(settings.name(), settings.location(), SqlFailure.of(exception).sentence()),
        exception);
  }

  private static String whyRefused(
      DatabaseSettings settings, SqlFailure failure, Exception exception) {
    return way(failure, exception).formatted(settings.location(), failure.sentence());
  }

  private static String way(SqlFailure failure, Exception exception) {
    if (TrustFailure.of(exception).isPresent()) {
      return "expected a connection to %s that is encrypted as its configured url requires, got: %s."
          + " In the url, let sslrootcert name the certificate that signed the server's, sslcert and sslkey one"
          + " that the server accepts, and the host be one that the server's certificate names; or choose another sslmode";
    }
    if (failure.sentence().startsWith(GT.tr("The server does not support SSL."))) {
      return "expected a server at %s that encrypts, as its configured url requires, got: %s."
          + " Set ssl = on there, or choose another sslmode in the url";
    }
    return switch (String.valueOf(failure.sqlState())) {
      case "28P01", "28000", "08004" ->
          "expected a login that PostgreSQL at %s accepts, got: %s. Correct the username, the"
              + " password or the url configured for it, or pg_hba.conf there";
      case "3D000" ->
          "expected a database at %s, got: %s. Create it, or correct the url configured for it";
      case "42501" ->
          "expected a role that may connect to %s, got: %s. Grant it CONNECT on the database";
      default -> "%s cannot be used: %s";
    };
  }

  private static String whyDown(
      DatabaseSettings settings, SqlFailure failure, Exception exception) {
    if (has(exception, UnknownHostException.class)) {
      return "the host in %s cannot be found (SQLSTATE %s). Correct the url configured for it, or the name service"
          .formatted(settings.location(), failure.sqlState());
    }
    if (has(exception, SocketTimeoutException.class)) {
      return "no answer from %s in time (SQLSTATE %s). Check whether a firewall drops the connection"
          .formatted(settings.location(), failure.sqlState());
    }
    if (has(exception, ConnectException.class)) {
      return "nothing listens at %s (SQLSTATE %s). Start PostgreSQL there, or correct the url configured for it"
          .formatted(settings.location(), failure.sqlState());
    }
    return switch (String.valueOf(failure.sqlState())) {
      case "53300" ->
          "%s accepts no more connections: %s. Close some, or raise max_connections"
              .formatted(settings.location(), failure.sentence());
      case "57P03" ->
          "%s accepts no connections yet: %s. Try again in a moment"
              .formatted(settings.location(), failure.sentence());
      default -> "%s is down: %s".formatted(settings.location(), failure.sentence());
    };
  }

  private static boolean has(@Nullable Throwable failure, Class<? extends Throwable> type) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
