package io.undercurrent.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** A pooler between the driver and the server, which may have connections share sessions. */
final class Pooler {

  private static final int ROUNDS = 10;

  private Pooler() {}

  /**
   * Whether a pooler answers: it gives connections numbers of its own at login, whereas the server
   * gives the number of the session. One query.
   */
  static boolean isBehind(Connection connection) throws SQLException {
    return session(connection) != connection.unwrap(PGConnection.class).getBackendPID();
  }

  /**
   * Whether two open connections to it get each other's sessions, or ever new ones. It gives the
   * session that was used last, or first; its other clients change that, so it is asked often.
   */
  static boolean sharesSessions(Connection one, Connection other) throws SQLException {
    var own = session(one);
    for (var round = 0; round < ROUNDS; round++) {
      if (session(one) != own || session(other) == own || session(one) != own) {
        return true;
      }
    }
    return false;
  }

  private static int session(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var answer = statement.executeQuery("SELECT pg_backend_pid()")) {
      answer.next();
      return answer.getInt(1);
    }
  }
}
