package io.undercurrent.database.embedded;

import io.undercurrent.database.DatabaseSettings;
import io.undercurrent.database.Home;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * This process's share in the embedded PostgreSQL server. The first process that needs the server
 * starts it, others join it, and the last one to leave stops it, unless another program has a
 * session open. A process shows its presence by a session, so nothing is left to clean up after a
 * kill.
 */
public final class EmbeddedServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);

  private final Home home;
  private final Consumer<EmbeddedServerStarting> announcements;
  private @Nullable Connection presence;

  public EmbeddedServer(Home home, Consumer<EmbeddedServerStarting> announcements) {
    this.home = home;
    this.announcements = announcements;
  }

  /** How to reach the server's database; the first call joins the server or starts it. */
  public synchronized DatabaseSettings settings(String name) {
    try {
      var files = ServerFiles.of(home);
      if (presence == null) {
        presence = files.exclusively(() -> join(files));
      }
      return new ServerSessions(files).settings(name, presence);
    } catch (UncheckedIOException e) {
      throw new RefusedException(
          "undercurrent.home: expected a directory for the embedded PostgreSQL's files that can be read and written and has free space, found '%s' (%s). Correct that, or choose another directory"
              .formatted(home.path(), e.getCause()),
          e);
    }
  }

  private Connection join(ServerFiles files) {
    var sessions = new ServerSessions(files);
    var session = sessions.open().orElseGet(() -> start(files));
    ServerSessions.createDatabase(session);
    return session;
  }

  private Connection start(ServerFiles files) {
    announcements.accept(new EmbeddedServerStarting(files.directory(), !files.hasData()));
    new ServerControl(files).start();
    return new ServerSessions(files)
        .open()
        .orElseThrow(
            () ->
                new RefusedException(
                    "The embedded PostgreSQL ended right after its start. See " + files.log()));
  }

  /** Leaves the server; this process must have closed its other sessions. */
  @Override
  public synchronized void close() {
    if (presence == null) {
      return;
    }
    try (var session = presence) {
      var files = ServerFiles.of(home);
      files.exclusively(() -> leave(files, session));
    } catch (SQLException | DataAccessException | RefusedException | UncheckedIOException e) {
      LOG.warn("The embedded PostgreSQL is left as it is: {}", SqlFailure.of(e).sentence());
    }
    presence = null;
  }

  private static boolean leave(ServerFiles files, Connection session) {
    var last = ServerSessions.leave(session);
    if (last) {
      new ServerControl(files).stop();
    }
    return last;
  }
}
