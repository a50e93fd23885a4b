package io.undercurrent.constraint;

import io.undercurrent.database.Database;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.lease.CancelledUpdate;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** What a cancelled update has left of a constraint. */
final class CancelledConstraint {

  private static final Logger log = LoggerFactory.getLogger(CancelledConstraint.class);

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final Database database;
  private final TimeSource time;

  /**
   * Looks at a database.
   *
   * @param time for waiting
   */
  CancelledConstraint(Database database, TimeSource time) {
    this.database = database;
    this.time = time;
  }

  /** Drops the CHECK by which columns were to become NOT NULL. */
  Optional<String> drop(NotNull work) {
    return afterRelease(
        jdbc -> {
          var table = ConstrainedTable.of(jdbc, work.table());
          return work.left(jdbc, table).map(check -> drop(table, check));
        });
  }

  private String drop(ConstrainedTable table, Constraint check) {
    var statement = table.alter(Constraint.drop(check.name()));
    return isDropped(table, statement)
        ? "The CHECK '%s', which the update had added to table %s, has been dropped."
            .formatted(check.name(), table.name())
        : "The CHECK '%s' on table %s could not be dropped yet. Do it with: %s"
            .formatted(check.name(), table.name(), statement);
  }

  private boolean isDropped(ConstrainedTable table, String statement) {
    var begin = time.nanos();
    while (true) {
      try {
        session(
            jdbc -> {
              jdbc.execute(
                  Ddl.transaction(
                      List.of(table.qualifiedName()), List.of(statement), Ddl.LOCK_TIMEOUT));
              return true;
            });
        return true;
      } catch (DataAccessException e) {
        log.info("A constraint is not dropped yet: {}", SqlFailure.of(e).sentence());
        if (!"55P03".equals(SqlFailure.of(e).sqlState())
            || time.since(begin).compareTo(PATIENCE) > 0
            || !pause()) {
          return false;
        }
      }
    }
  }

  private boolean pause() {
    try {
      time.sleep(PAUSE);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Says of a constraint that was added and not validated that it stays. */
  Optional<String> told(WantedConstraint wanted) {
    if (wanted.add() == null) {
      return Optional.empty();
    }
    return afterRelease(
        jdbc -> {
          var table = ConstrainedTable.of(jdbc, wanted.table());
          return Constraint.find(jdbc, table.oid(), wanted.name())
              .filter(constraint -> !constraint.validated())
              .map(
                  constraint ->
                      "Constraint '%s' stays on table %s, NOT VALID: no more rows are written that violate it. Drop it with: %s"
                          .formatted(
                              wanted.name(),
                              table.name(),
                              table.alter(Constraint.drop(wanted.name()))));
        });
  }

  private Optional<String> afterRelease(Function<JdbcTemplate, Optional<String>> look) {
    if (!new CancelledUpdate(database.jdbc(), time).awaitRelease(PATIENCE)) {
      return Optional.of(
          "The runner has not let go of the update within %d s; what it has added to the table may stay."
              .formatted(PATIENCE.toSeconds()));
    }
    try {
      return session(look);
    } catch (HopelessException e) {
      return Optional.empty();
    } catch (DataAccessException e) {
      // The table may be gone.
      log.info("No constraint was looked for: {}", SqlFailure.of(e).sentence());
      return Optional.empty();
    }
  }

  private <T> T session(Function<JdbcTemplate, T> work) {
    var session = new SingleConnectionDataSource(database.connect("undercurrent cancel"), true);
    try {
      return work.apply(new JdbcTemplate(session));
    } finally {
      session.destroy();
    }
  }
}
