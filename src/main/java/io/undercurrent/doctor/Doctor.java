package io.undercurrent.doctor;

import io.undercurrent.database.Database;
import io.undercurrent.database.DatabaseDownException;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.doctor.Finding.Fix;
import io.undercurrent.doctor.Finding.Severity;
import io.undercurrent.doctor.Report.NotDone;
import io.undercurrent.execution.Workers;
import io.undercurrent.status.Definitions;
import io.undercurrent.time.TimeSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Looks for what is wrong around Undercurrent in a database, and mends what it is told to.
 *
 * <p>Looking changes nothing, waits for no lock for long, and ends within about two seconds,
 * however large the database is.
 */
public final class Doctor {

  /** What another version's schema, or one that cannot be read, is called. */
  static final String SCHEMA = "schema";

  private static final String APPLICATION_NAME = "undercurrent doctor";
  private static final Duration ALL_CHECKS = Duration.ofSeconds(2);

  private final Database database;
  private final Definitions definitions;
  private final TimeSource time;
  private final List<Check> checks;

  /**
   * A doctor for one database.
   *
   * @param definitions what job files define
   * @param time measures how long the checks take
   * @param workers those that this process could ask
   */
  public Doctor(Database database, Definitions definitions, TimeSource time, Workers workers) {
    this(database, definitions, time, Checks.with(workers));
  }

  Doctor(Database database, Definitions definitions, TimeSource time, List<Check> checks) {
    this.database = database;
    this.definitions = definitions;
    this.time = time;
    this.checks = checks;
  }

  /** What findings can be called. */
  public static List<String> names() {
    return Checks.with(Workers.NONE).stream().map(Check::name).toList();
  }

  /**
   * Looks for everything.
   *
   * @throws DatabaseDownException if the database cannot be asked
   */
  public Report examine() {
    return examine(checks);
  }

  private Report examine(List<Check> wanted) {
    var findings = new ArrayList<Finding>();
    var notDone = new ArrayList<NotDone>();
    var ours = hasOurTables(findings);
    try (var connection = database.connect(APPLICATION_NAME)) {
      var session = new SingleConnectionDataSource(connection, true);
      var patient = new Patient(database, JdbcClient.create(session), definitions, time, ours);
      var transactions = new TransactionTemplate(new JdbcTransactionManager(session));
      transactions.setReadOnly(true);
      var begin = time.nanos();
      for (var check : wanted) {
        if (ours || !check.readsOurTables()) {
          var found = new Findings(check.name());
          look(check, patient, found, transactions, ALL_CHECKS.minus(time.since(begin)));
          findings.addAll(found.list());
          notDone.addAll(found.notDone());
        }
      }
    } catch (SQLException e) {
      throw new UncategorizedSQLException("closing a session", null, e);
    }
    return new Report(List.copyOf(findings), List.copyOf(notDone));
  }

  private boolean hasOurTables(List<Finding> findings) {
    try {
      return database.isPrepared();
    } catch (DatabaseDownException e) {
      throw e;
    } catch (RefusedException e) {
      var message = String.valueOf(e.getMessage());
      var end = message.lastIndexOf(". ");
      findings.add(
          new Finding(
              SCHEMA,
              Severity.PROBLEM,
              null,
              end < 0 ? message : message.substring(0, end),
              end < 0 ? "" : message.substring(end + 2),
              null));
      return false;
    }
  }

  private static void look(
      Check check,
      Patient patient,
      Findings found,
      TransactionTemplate transactions,
      Duration timeLeft) {
    if (timeLeft.isNegative() || timeLeft.isZero()) {
      found.notSeen("the checks before it took %d s".formatted(ALL_CHECKS.toSeconds()));
      return;
    }
    try {
      transactions.executeWithoutResult(
          status -> {
            limit(patient.jdbc(), timeLeft);
            check.look(patient, found);
          });
    } catch (DataAccessException | TransactionException e) {
      var failure = SqlFailure.of(e);
      if (failure.down()) {
        throw new DatabaseDownException(
            "Database '%s': the connection was lost: %s"
                .formatted(patient.name(), failure.sentence()),
            e);
      }
      found.notSeen(failure.sentence());
    }
  }

  private static void limit(JdbcClient jdbc, Duration timeLeft) {
    jdbc.sql(
            """
            SELECT set_config('statement_timeout', :timeLeft, true),
                   set_config('lock_timeout', '500', true)""")
        .param("timeLeft", String.valueOf(Math.max(1, timeLeft.toMillis())))
        .query()
        .singleRow();
  }

  /**
   * Mends what the check of a name finds now.
   *
   * @param name one of {@link #names}
   * @param record is told of each finding that was fixed, in the transaction that fixes it where
   *     that is possible
   * @return what became of each finding; nothing if none was found
   * @throws RefusedException if the check cannot be made
   */
  public List<Fixed> fix(String name, Consumer<Fixed> record) {
    var wanted = checks.stream().filter(check -> check.name().equals(name)).toList();
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException("expected one of %s, got %s".formatted(names(), name));
    }
    var report = examine(wanted);
    report.notDone().stream()
        .findFirst()
        .filter(missing -> report.findings().isEmpty())
        .ifPresent(
            missing -> {
              throw new RefusedException(
                  "Database '%s': %s was not looked for: %s"
                      .formatted(database.name(), name, missing.reason()));
            });
    return report.findings().stream()
        .filter(finding -> finding.name().equals(name))
        .map(finding -> fix(finding, record))
        .toList();
  }

  private Fixed fix(Finding finding, Consumer<Fixed> record) {
    var fix = finding.fix();
    return fix == null
        ? new Fixed(finding, false, finding.sentence() + ". Left to you: " + finding.cure())
        : apply(finding, fix, record);
  }

  private Fixed apply(Finding finding, Fix fix, Consumer<Fixed> record) {
    try {
      var outcome = new ArrayList<Fixed>();
      fix.apply(
          done -> {
            outcome.add(new Fixed(finding, true, done));
            record.accept(outcome.get(0));
          });
      return outcome.get(0);
    } catch (RefusedException e) {
      return new Fixed(finding, false, String.valueOf(e.getMessage()));
    } catch (DataAccessException e) {
      return new Fixed(finding, false, finding.sentence() + ": " + SqlFailure.of(e).sentence());
    }
  }
}
