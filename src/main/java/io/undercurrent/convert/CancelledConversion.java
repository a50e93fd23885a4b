package io.undercurrent.convert;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A conversion that was cancelled: takes away all that it has made. */
final class CancelledConversion {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String GONE = "42P01";
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Database database;
  private final ConvertColumn work;
  private final TimeSource time;

  CancelledConversion(Database database, ConvertColumn work, TimeSource time) {
    this.database = database;
    this.work = work;
    this.time = time;
  }

  /** What became of it, in a sentence; nothing if there never was anything. */
  Optional<String> clear() {
    try (var pool = database.pool("undercurrent cancel", 1, "")) {
      var jdbc = new JdbcTemplate(pool);
      var transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
      var begin = time.nanos();
      var found = work;
      while (true) {
        var of = found;
        try {
          return transactions.execute(status -> clear(jdbc, of));
        } catch (DataAccessException e) {
          if (GONE.equals(SqlFailure.of(e).sqlState())) {
            var renamed = of.equals(work) ? renamed(jdbc) : Optional.<String>empty();
            if (renamed.isEmpty()) {
              return Optional.empty();
            }
            found = work.of(renamed.get());
            continue;
          }
          // The runner may be at it still, or the application.
          if (time.since(begin).compareTo(PATIENCE) > 0) {
            return Optional.of(left(e));
          }
          time.sleep(PAUSE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(left(e));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  /** What the table is called now, whose trigger still calls the function of its old name. */
  private Optional<String> renamed(JdbcTemplate jdbc) {
    var name =
        jdbc.queryForObject(
            "SELECT path[cardinality(path)] FROM parse_ident(?) AS path",
            String.class,
            work.table());
    return jdbc
        .queryForList(
            """
            SELECT CAST(CAST(tgrelid AS regclass) AS text)
              FROM pg_trigger
              JOIN pg_proc ON pg_proc.oid = tgfoid
             WHERE tgname = ?
               AND proname = ?""",
            String.class,
            Names.trigger(work.column()),
            Names.function(String.valueOf(name), work.column()))
        .stream()
        .findFirst();
  }

  private Optional<String> clear(JdbcTemplate jdbc, ConvertColumn of) {
    var column = OldColumn.of(jdbc, of);
    if (column.marker() == null) {
      return Optional.empty();
    }
    var trigger = new SyncTrigger(of, column);
    Locks.lockOutMaintenance(jdbc, trigger.tables(jdbc), null);
    trigger.dropAll(jdbc).forEach(jdbc::execute);
    return Optional.of(
        "The new column of '%s' in %s is gone, with its trigger, indexes and constraints."
            .formatted(of.column(), of.table()));
  }

  private String left(Exception failure) {
    return "What the conversion of '%s' in %s has made is still there (%s). Start it and cancel it again, or: DROP TRIGGER \"%s\" ON %2$s; ALTER TABLE %2$s DROP COLUMN \"%s\""
        .formatted(
            work.column(),
            work.table(),
            SqlFailure.of(failure).sentence(),
            Names.trigger(work.column()),
            Names.column(work.column()));
  }
}
