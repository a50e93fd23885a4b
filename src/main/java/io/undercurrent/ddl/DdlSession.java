package io.undercurrent.ddl;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.undercurrent.iteration.SessionSettings;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import io.undercurrent.time.TimeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A session of its own for statements that may take hours, or wait for hours. They run on a thread
 * of their own, while this one looks whether to cut them off and whether the server still has the
 * session: a connection that died without a word would be waited for without end.
 */
public final class DdlSession implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DdlSession.class);

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration BETWEEN_PROOFS_OF_LIFE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_CANCELS = Duration.ofMillis(500);
  private static final Duration PATIENCE_WITH_A_CANCEL = Duration.ofSeconds(10);

  /** A role or a database may have limits of its own; those of other versions are passed over. */
  private static final String UNLIMITED =
      """
      SELECT count(set_config(name, setting.value, false))
        FROM (VALUES ('lock_timeout', '0'), ('statement_timeout', '0'),
                     ('idle_session_timeout', '0'), ('idle_in_transaction_session_timeout', '0'),
                     ('transaction_timeout', '0'),
                     -- keeps firewalls from forgetting a silent connection, and shows the server
                     -- within two minutes that its client is gone
                     ('tcp_keepalives_idle', '60'), ('tcp_keepalives_interval', '10'),
                     ('tcp_keepalives_count', '6')) AS setting (name, value)
        JOIN pg_settings USING (name)""";

  private final Connection connection;
  private final JdbcTemplate jdbc;
  private final JdbcTemplate observer;
  private final StopSignal stop;
  private final TimeSource time;
  private final Backend backend;

  /**
   * Prepares a session.
   *
   * @param connection the session, which is closed with this
   * @param observer other connections, to look at the session from
   * @param stop cuts what runs
   * @param time measures how long something takes
   */
  public DdlSession(
      Connection connection, JdbcTemplate observer, StopSignal stop, TimeSource time) {
    this.connection = connection;
    this.observer = observer;
    this.stop = stop;
    this.time = time;
    this.jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
    try {
      connection.setNetworkTimeout(Runnable::run, 0);
      jdbc.queryForObject(UNLIMITED, Long.class);
      jdbc.execute(SessionSettings.PIN);
      endWithItsClient();
      this.backend =
          requireNonNull(
              jdbc.queryForObject(
                  """
                  SELECT pid, CAST(backend_start AS text)
                    FROM pg_stat_activity
                   WHERE pid = pg_backend_pid()""",
                  (row, number) -> new Backend(row.getInt(1), row.getString(2))));
    } catch (SQLException | RuntimeException e) {
      close();
      throw e instanceof RuntimeException failure ? failure : new IllegalStateException(e);
    }
  }

  /** Lets the server end the session as soon as this process has ended. */
  private void endWithItsClient() {
    try {
      jdbc.execute("SET client_connection_check_interval = '1s'");
    } catch (DataAccessException e) {
      // Not on every server's platform; a taker-over ends the session then.
      log.debug("The server cannot look for lost clients", e);
    }
  }

  public JdbcTemplate jdbc() {
    return jdbc;
  }

  /** Has the server cut off statements that take longer; zero for none. */
  public void limit(Duration limit) {
    jdbc.execute("SET statement_timeout = " + limit.toMillis());
  }

  /** Runs a statement for as long as it takes, unless it is cut. */
  public void execute(String sql) {
    watched(
        () -> {
          jdbc.execute(sql);
          return true;
        });
  }

  /** Waits for something on this session, and cuts it when it is to be cut. */
  public <T> T watched(Callable<T> work) {
    var task = new FutureTask<>(work);
    var thread = new Thread(task, Thread.currentThread().getName() + "-ddl");
    thread.setDaemon(true);
    thread.start();
    var lookout = new Lookout();
    while (true) {
      try {
        return task.get(LOOK.toMillis(), MILLISECONDS);
      } catch (TimeoutException e) {
        lookout.look();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        abort();
        throw new StopAtBoundaryException("interrupted");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException failure
            ? failure
            : new IllegalStateException(e.getCause());
      }
    }
  }

  private void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      log.debug("The connection could not be broken off", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("The connection could not be closed", e);
    }
  }

  /** Names one server process for ever: pids come back. */
  private record Backend(int pid, String start) {}

  /** What there is to look at while a statement runs. */
  private final class Lookout {

    private long proved = time.nanos();
    private boolean missed;
    private @Nullable Long asked;
    private long askedLast;

    void look() {
      var now = time.nanos();
      if (stop.cutReason() != null) {
        cut(now);
      } else if (now - proved > BETWEEN_PROOFS_OF_LIFE.toNanos()) {
        proved = now;
        proveLife();
      }
    }

    private void cut(long now) {
      if (asked == null || now - askedLast > BETWEEN_CANCELS.toNanos()) {
        // Again and again: the statement may not have begun when it was asked for the first time.
        asked = asked == null ? Long.valueOf(now) : asked;
        askedLast = now;
        cancel();
      }
      if (now - asked > PATIENCE_WITH_A_CANCEL.toNanos()) {
        abort();
      }
    }

    private void cancel() {
      try {
        ask("pg_cancel_backend(pid)");
      } catch (DataAccessException e) {
        abort();
      }
    }

    private void proveLife() {
      try {
        var alive = ask("true");
        if (missed && !alive) {
          log.warn("The server has ended the session {}; its connection is broken off", backend);
          abort();
        }
        // An answer may be under way; the second look counts.
        missed = !alive;
      } catch (DataAccessException e) {
        log.debug("The server could not be asked for the session", e);
      }
    }

    private boolean ask(String what) {
      return observer
          .queryForList(
              "SELECT "
                  + what
                  + " FROM pg_stat_activity WHERE pid = ?"
                  + " AND backend_start = CAST(? AS timestamptz)",
              Boolean.class,
              backend.pid(),
              backend.start())
          .contains(true);
    }
  }
}
