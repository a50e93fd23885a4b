package io.undercurrent.database;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** What keeps two sides from trusting each other; trying again later does not help. */
final class TrustFailure {

  private TrustFailure() {}

  /** The reason, if a certificate, a key or the encryption made a connection fail. */
  static Optional<String> of(Throwable failure) {
    String reason = null;
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (isOne(cause)) {
        reason = cause.getMessage();
      }
    }
    return Optional.ofNullable(reason);
  }

  /** What ended a login after its encryption had begun, if nothing else is known. */
  static Optional<IOException> cut(Throwable failure) {
    if (of(failure).isPresent()) {
      return Optional.empty();
    }
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException exception
          && !(cause instanceof InterruptedIOException)
          && isEncrypting(exception)) {
        return Optional.of(exception);
      }
    }
    return Optional.empty();
  }

  // The exception itself is a network error, encrypted or not.
  private static boolean isEncrypting(IOException exception) {
    return Arrays.stream(exception.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith("sun.security.ssl."));
  }

  private static boolean isOne(Throwable cause) {
    return cause instanceof GeneralSecurityException
        || cause instanceof SSLPeerUnverifiedException
        || cause instanceof FileNotFoundException
        || cause instanceof FileSystemException
        || (cause instanceof SSLHandshakeException && !(cause.getCause() instanceof IOException))
        || (cause instanceof PSQLException exception && isOtherHost(exception));
  }

  // The driver compares the host's name itself; its words for that depend on the locale.
  private static boolean isOtherHost(PSQLException exception) {
    return PSQLState.CONNECTION_FAILURE.getState().equals(exception.getSQLState())
        && exception.getCause() == null
        && exception.getServerErrorMessage() == null;
  }
}
