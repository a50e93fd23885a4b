package io.undercurrent.database.embedded;

import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The superuser's sessions on the embedded server. */
final class ServerSessions {

  // Not undercurrent: "$user" in the search path would then mean the schema undercurrent.
  static final String SUPERUSER = "postgres";

  /** What {@code pg_stat_activity} shows of a process that uses the server. */
  static final String PRESENCE = "undercurrent presence";

  private static final String DATABASE = "undercurrent";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ServerFiles files;

  ServerSessions(ServerFiles files) {
    this.files = files;
  }

  /**
   * A session on the server of the data directory, empty if none runs. Waits for one that starts or
   * stops. If a dead server's pid belongs to another process by now, removes the pid file, which
   * would keep a new server from starting, and leaves that process alone.
   */
  Optional<Connection> open() {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    var postmaster = Postmaster.of(files.data());
    while (postmaster.isPresent()) {
      var session = open(postmaster.get());
      if (session.isPresent()) {
        return session;
      }
      if (!postmaster.get().servesItsDirectory()) {
        postmaster.get().forget();
        return Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        throw noAnswer(postmaster.get(), "none for %d s".formatted(PATIENCE.toSeconds()), null);
      }
      pause();
      postmaster = Postmaster.of(files.data());
    }
    return Optional.empty();
  }

  private Optional<Connection> open(Postmaster postmaster) {
    if (!postmaster.isPostgres()) {
      return Optional.empty();
    }
    try {
      var session = connect(postmaster.port());
      if (isOnOurData(session)) {
        return Optional.of(session);
      }
      session.close();
    } catch (SQLException e) {
      var failure = SqlFailure.of(e);
      if (!failure.down() && postmaster.servesItsDirectory()) {
        throw noAnswer(postmaster, failure.sentence(), e);
      }
    }
    return Optional.empty();
  }

  private boolean isOnOurData(Connection session) {
    var data = jdbc(session).sql("SHOW data_directory").query(String.class).single();
    return Path.of(data).equals(files.data());
  }

  private RefusedException noAnswer(
      Postmaster postmaster, String answer, @Nullable SQLException cause) {
    return new RefusedException(
        "Expected the embedded PostgreSQL, process %s, to take a connection, got: %s. See %s"
            .formatted(postmaster.process(), answer, files.log()),
        cause);
  }

  /** Creates the database that Undercurrent works on, unless it exists. */
  static void createDatabase(Connection session) {
    var exists =
        jdbc(session)
            .sql("SELECT EXISTS (SELECT FROM pg_database WHERE datname = :name)")
            .param("name", DATABASE)
            .query(Boolean.class)
            .single();
    if (!exists) {
      jdbc(session)
          .sql(
              "CREATE DATABASE %s TEMPLATE template0 ENCODING UTF8 LC_COLLATE 'C' LC_CTYPE 'C'"
                  .formatted(DATABASE))
          .update();
    }
  }

  /** How to reach that database on the server of a session. */
  DatabaseSettings settings(String name, Connection session) {
    var port = jdbc(session).sql("SHOW port").query(Integer.class).single();
    return new DatabaseSettings(name, url(port, DATABASE), SUPERUSER, files.password());
  }

  /**
   * Withdraws a process's presence and says whether no other session is left on the server.
   * Sessions that were closed may take a moment to end.
   */
  static boolean leave(Connection session) {
    jdbc(session).sql("SET application_name = 'undercurrent leaving'").update();
    var deadline = System.nanoTime() + GRACE.toNanos();
    var others = others(session);
    while (!others.isEmpty() && !others.contains(PRESENCE) && System.nanoTime() < deadline) {
      pause();
      others = others(session);
    }
    return others.isEmpty();
  }

  private static List<String> others(Connection session) {
    return jdbc(session)
        .sql(
            """
            SELECT application_name
              FROM pg_stat_activity
             WHERE backend_type IN ('client backend', 'walsender')
               AND pid <> pg_backend_pid()""")
        .query(String.class)
        .list();
  }

  private Connection connect(int port) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", SUPERUSER);
    properties.setProperty("password", files.password());
    properties.setProperty("ApplicationName", PRESENCE);
    properties.setProperty("loginTimeout", "10");
    return DriverManager.getConnection(url(port, "postgres"), properties);
  }

  private static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  private static JdbcClient jdbc(Connection session) {
    return JdbcClient.create(new SingleConnectionDataSource(session, true));
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the embedded PostgreSQL", e);
    }
  }
}
