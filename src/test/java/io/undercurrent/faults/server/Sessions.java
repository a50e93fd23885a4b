package io.undercurrent.faults.server;

import io.undercurrent.testing.Rows;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Sessions of a server that a case does something to. */
public final class Sessions {

  private static final String TOO_MANY = "53300";
  private static final String OURS = "usename = '%s'".formatted(PostgresServer.RUNNER);

  private Sessions() {}

  /** Ends all of Undercurrent's, the console's among them. */
  public static void terminate(PostgresServer server) {
    Rows.of(
        server.superuser(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + OURS);
  }

  /** The processes of the sessions that write chunks. */
  public static Stream<Long> ofChunks(PostgresServer server) {
    return Rows.of(
            server.superuser(),
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'undercurrent runner'")
        .stream()
        .map(Long::valueOf);
  }

  /** Takes all connections that the server has to give, Undercurrent's included. */
  public static List<Connection> takeAll(PostgresServer server) throws SQLException {
    var taken = new ArrayList<Connection>();
    do {
      terminate(server);
      takeFree(server, taken);
    } while (!Rows.of(server.superuser(), "SELECT 1 FROM pg_stat_activity WHERE " + OURS)
        .isEmpty());
    return taken;
  }

  private static void takeFree(PostgresServer server, List<Connection> taken) throws SQLException {
    try {
      while (true) {
        taken.add(DriverManager.getConnection(server.url(), "application", null));
      }
    } catch (SQLException e) {
      if (!TOO_MANY.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  /** A session of somebody who locks all rows from one on, and forgets about it. */
  public static Connection holdRows(PostgresServer server, String table, int from)
      throws SQLException {
    var session = server.superuser().connect("report");
    session.setAutoCommit(false);
    try (var statement = session.createStatement()) {
      statement.execute(
          "SELECT count(*) FROM (SELECT FROM %s WHERE id >= %d FOR UPDATE) AS held"
              .formatted(table, from));
    }
    return session;
  }

  public static void close(List<Connection> sessions) throws SQLException {
    for (var session : sessions) {
      session.close();
    }
  }
}
