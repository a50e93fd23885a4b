package io.undercurrent.convert;

import io.undercurrent.convert.Dependant.What;
import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.Column;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Has a new column take the old one's place, in the caller's transaction. */
final class Swap {

  private static final Logger log = LoggerFactory.getLogger(Swap.class);

  private final JdbcTemplate jdbc;
  private final ConvertColumn work;
  private @Nullable Duration patience;

  Swap(JdbcTemplate jdbc, ConvertColumn work) {
    this.jdbc = jdbc;
    this.work = work;
  }

  /** How long it waits for its locks, in place of the default. */
  void patience(@Nullable Duration other) {
    patience = other;
  }

  /**
   * Does it; nobody else can use the table from its locks on until the transaction has ended.
   *
   * @return what has been done, in a clause
   * @throws RefusedException if something is missing
   * @throws org.springframework.dao.DataAccessException if the locks are not to be had
   */
  String run() {
    var conversion = Conversion.of(jdbc, work);
    conversion.requireBegun();
    var tables = conversion.tables();
    Locks.lockOutMaintenance(jdbc, tables, patience);
    requireReady(conversion);
    jdbc.execute("LOCK TABLE " + String.join(", ", tables) + " IN ACCESS EXCLUSIVE MODE");
    if (!OldColumn.of(jdbc, work).equals(conversion.column())) {
      throw new RefusedException(
          "expected table %s as it was just now, found that it was changed. Try again"
              .formatted(work.table()));
    }
    statements(conversion)
        .forEach(
            sql -> {
              log.debug("Swap of {}: {}", work.column(), sql);
              jdbc.execute(sql);
            });
    return "column %s of %s is %s".formatted(work.column(), work.table(), work.to());
  }

  private void requireReady(Conversion conversion) {
    var missing = conversion.missing(jdbc);
    if (!missing.isEmpty()) {
      throw new RefusedException(
          "expected all that the new column needs, found that %s is missing or differs. Have it made with: retry, then swap again"
              .formatted(String.join(", ", missing)));
    }
  }

  private List<String> statements(Conversion conversion) {
    var column = conversion.column();
    var sequences = new Sequences(jdbc, work, column);
    var replaced = Column.quoted(Names.replaced(column.name()));
    var statements = new ArrayList<>(new SyncTrigger(work, column).dropTrigger(jdbc));
    statements.add(
        column.alterTable("DROP CONSTRAINT " + Column.quoted(Names.equality(column.name()))));
    conversion
        .foreignKeys()
        .forEach(
            key ->
                statements.add(
                    "ALTER TABLE %s DROP CONSTRAINT %s"
                        .formatted(key.table(), Column.quoted(key.old()))));
    statements.add(column.alterTable("RENAME COLUMN " + column.quoted() + " TO " + replaced));
    statements.add(
        column.alterTable("RENAME COLUMN " + column.quotedNew() + " TO " + column.quoted()));
    statements.addAll(sequences.move(replaced));
    if (column.defaultValue() != null) {
      statements.add(
          column.alterTable(
              "ALTER COLUMN %s SET DEFAULT %s".formatted(column.quoted(), column.defaultValue())));
    }
    statements.add(column.alterTable("DROP COLUMN " + replaced));
    conversion.counterparts().forEach(each -> statements.addAll(each.takePlace(column)));
    statements.addAll(notNull(column));
    statements.add(
        "COMMENT ON COLUMN %s.%s IS %s"
            .formatted(
                column.qualifiedTable(),
                column.quoted(),
                column.comment() == null ? "NULL" : Text.literal(column.comment())));
    statements.addAll(column.grants());
    statements.addAll(new TriggerFunctions(jdbc, column).renew());
    return statements;
  }

  /** From PostgreSQL 18 on it is a constraint with a name. */
  private List<String> notNull(OldColumn column) {
    var named = column.dependants().stream().filter(each -> each.is(What.NOT_NULL)).findFirst();
    return named
        .map(
            old ->
                jdbc.queryForList(
                    """
                    SELECT format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I',
                                  CAST(conrelid AS regclass), conname, CAST(? AS text))
                      FROM pg_constraint
                      JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum]
                     WHERE conrelid = ?
                       AND contype = 'n'
                       AND attname = ?
                       AND conname <> ?""",
                    String.class,
                    old.name(),
                    column.table(),
                    Names.column(column.name()),
                    old.name()))
        .orElse(List.of());
  }
}
