package io.undercurrent.convert;

import io.undercurrent.convert.Counterpart.OfConstraint;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.index.ConcurrentIndex;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.sql.Column;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Makes all that a new column needs to take the old one's place. Each part finds what is there, so
 * that it can be done again.
 *
 * @param update the run
 * @param conversion what has to be made
 */
record Preparation(UpdateContext update, Conversion conversion) {

  private static final Logger log = LoggerFactory.getLogger(Preparation.class);

  void run() {
    var column = conversion.column();
    ensure(
        new OfConstraint(
            "equality", column.qualifiedTable(), null, conversion.equality(), true, List.of()),
        Names.equality(column.name()));
    conversion.checks().forEach(check -> ensure(check, check.name()));
    for (var index : conversion.indexes()) {
      new ConcurrentIndex(update, column.qualifiedTable())
          .build(index.name(), index.create(column), index.tablespace());
    }
    if (conversion.indexes().isEmpty()) {
      OldSnapshots.awaitEnd(update);
    }
    conversion.foreignKeys().forEach(key -> ensure(key, key.name()));
    if (column.notNull() && !conversion.isNotNull(update.jdbc())) {
      setNotNull();
    }
    patiently("ANALYZE " + column.qualifiedTable());
    var missing = conversion.missing(update.jdbc());
    if (!missing.isEmpty()) {
      throw new HopelessException(
          "expected all that the new column needs, found that %s is missing or differs. Begin a new run with: cancel and start"
              .formatted(String.join(", ", missing)));
    }
  }

  private void setNotNull() {
    var column = conversion.column();
    var presence = Names.presence(column.name());
    var table = column.qualifiedTable();
    ensure(
        new OfConstraint(
            "presence",
            table,
            null,
            "CHECK (" + column.quotedNew() + " IS NOT NULL)",
            true,
            List.of()),
        presence);
    Locks.change(
        update,
        List.of(table),
        jdbc -> {
          jdbc.execute(column.alterTable("ALTER COLUMN " + column.quotedNew() + " SET NOT NULL"));
          jdbc.execute(column.alterTable("DROP CONSTRAINT " + Column.quoted(presence)));
        });
  }

  /** Has a constraint be there, and hold for all rows if that is known of the old one. */
  private void ensure(OfConstraint wanted, String name) {
    var alter = "ALTER TABLE " + wanted.table() + " ";
    if (Constraint.find(update.jdbc(), wanted.table(), name).isEmpty()) {
      change(
          wanted,
          alter
              + "ADD CONSTRAINT "
              + Column.quoted(name)
              + " "
              + wanted.definition()
              + " NOT VALID");
    }
    if (wanted.validated()
        && Constraint.find(update.jdbc(), wanted.table(), name)
            .filter(Constraint::validated)
            .isEmpty()) {
      try {
        patiently(alter + "VALIDATE CONSTRAINT " + Column.quoted(name));
      } catch (DataAccessException e) {
        throw afterFailure(wanted, alter + "DROP CONSTRAINT " + Column.quoted(name), e);
      }
    }
  }

  private void change(OfConstraint of, String sql) {
    Locks.change(update, of.tables(), jdbc -> jdbc.execute(sql));
  }

  /** What is not so is not required of the application either. */
  private RuntimeException afterFailure(
      OfConstraint wanted, String drop, DataAccessException failure) {
    var sql = SqlFailure.of(failure);
    var state = String.valueOf(sql.sqlState());
    if (!state.startsWith("22") && !state.startsWith("23")) {
      return failure;
    }
    try {
      change(wanted, drop);
    } catch (DataAccessException e) {
      failure.addSuppressed(e);
    }
    return new HopelessException(
        "expected every value to convert, with %s, found: %s. Correct those rows; the new column follows. Then: retry %s"
            .formatted(wanted.definition(), sql.sentence(), update.name()),
        failure);
  }

  /** It locks out other maintenance, but no reader and no writer. */
  private void patiently(String sql) {
    log.info("Update {} on {}: {}", update.name(), update.databaseName(), sql);
    new Ddl(update).run(session -> session.execute(sql));
  }
}
