package io.undercurrent.outside;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.ddl.DdlSession;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.iteration.DirectSessions;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.stop.StopAtBoundaryException;
import io.undercurrent.stop.StopSignal;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.StatementCallback;

/** Runs one statement, whatever earlier tries have left. */
final class StatementRun {

  private static final Logger log = LoggerFactory.getLogger(StatementRun.class);

  /** A role may have fewer sent; a notice is no failure, such as one that a label is there. */
  private static final String WARNINGS_ONLY = "SET client_min_messages = warning";

  /** That of what is sent all the same: what VERBOSE tells. */
  private static final String INFO = "00000";

  /** How long a statement that was cut may take to clear up: a shutdown has to be quick. */
  private static final Duration CLEARING = Duration.ofMillis(700);

  private final UpdateContext update;
  private final OutsideStatement statement;

  StatementRun(UpdateContext update, OutsideStatement statement) {
    this.update = update;
    this.statement = statement;
  }

  /**
   * Runs it.
   *
   * @throws StopAtBoundaryException if it was cut
   * @throws HopelessException if the server has left something out
   */
  void run() {
    try (var session = open(update.stop())) {
      dropLeftovers(session);
      limit(session);
      log.info("{} on {} begins", statement.sql(), update.databaseName());
      requireWhole(requireNonNull(session.watched(() -> execute(session))));
    } catch (RuntimeException e) {
      clear();
      var cut = update.stop().cutReason();
      throw cut == null ? e : new StopAtBoundaryException(cut, e);
    }
  }

  private DdlSession open(StopSignal stop) {
    var name = DirectSessions.DDL + update.name();
    return new DdlSession(update.sessions().open(name), update.jdbc(), stop, update.time());
  }

  private void dropLeftovers(DdlSession session) {
    if (statement.leavesIndexes()) {
      new ReindexLeftovers(session, statement).drop();
    }
  }

  /** The application waits behind a strong lock that is waited for, and behind no other. */
  private void limit(DdlSession session) {
    session.jdbc().execute(WARNINGS_ONLY);
    var own = update.settings();
    if (statement.locks()) {
      var patience = own.lockTimeout() == null ? Ddl.LOCK_TIMEOUT : own.lockTimeout();
      session.jdbc().execute("SET lock_timeout = " + patience.toMillis());
    }
    if (own.statementTimeout() != null) {
      session.limit(own.statementTimeout());
    }
  }

  private List<String> execute(DdlSession session) {
    StatementCallback<List<String>> work =
        running -> {
          running.execute(statement.sql());
          return warnings(running);
        };
    return requireNonNull(session.jdbc().execute(work));
  }

  private static List<String> warnings(Statement running) throws SQLException {
    var warnings = new ArrayList<String>();
    for (var next = running.getWarnings(); next != null; next = next.getNextWarning()) {
      if (!INFO.equals(next.getSQLState())) {
        warnings.add(String.valueOf(next.getMessage()));
      }
    }
    return warnings;
  }

  /** A table that the role may not VACUUM is skipped with a warning. */
  private static void requireWhole(List<String> warnings) {
    if (!warnings.isEmpty()) {
      throw new HopelessException(
          "expected all of it to be done without a warning, found: %s. What was left out is not done; mend it or leave it out of the statement, then: retry"
              .formatted(String.join("; ", warnings)));
    }
  }

  private void clear() {
    if (!statement.leavesIndexes()) {
      return;
    }
    var cut = update.stop().cutReason() != null;
    try (var session = open(cut ? new StopSignal(update.time()) : update.stop())) {
      session.limit(cut ? CLEARING : Duration.ZERO);
      dropLeftovers(session);
    } catch (RuntimeException e) {
      log.warn(
          "What '{}' left on {} is not dropped yet; the next try drops it ({})",
          statement.sql(),
          update.databaseName(),
          SqlFailure.of(e).sentence());
    }
  }
}
