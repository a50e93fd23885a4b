package io.undercurrent.convert;

import static java.util.Objects.requireNonNull;

import io.undercurrent.convert.Counterpart.OfConstraint;
import io.undercurrent.convert.Counterpart.OfIndex;
import io.undercurrent.convert.Dependant.What;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Converts the column of an empty copy of its table, in a transaction that is rolled back: so
 * PostgreSQL says what fits the new type, and how definitions read that name the new column.
 */
final class Rehearsal {

  /** The definition of an index from its access method on, for a row of pg_index. */
  static final String TAIL =
      """
      (SELECT substr(pg_get_indexdef(indexrelid), length(beginning) + 1)
         FROM (SELECT format('CREATE %sINDEX %I ON %I.%I USING ',
                             CASE WHEN indisunique THEN 'UNIQUE ' ELSE '' END,
                             index.relname, home.name, indexed.relname) AS beginning
                 FROM pg_class AS index, pg_class AS indexed
                 JOIN pg_namespace ON pg_namespace.oid = indexed.relnamespace,
                      unnest(ARRAY[CAST(nspname AS text), 'pg_temp']) AS home (name)
                WHERE index.oid = indexrelid
                  AND indexed.oid = indrelid) AS named
        WHERE starts_with(pg_get_indexdef(indexrelid), beginning))""";

  private static final String NOT_IMMUTABLE = "42P17";
  private static final String COPIED = "undercurrent_copied";
  private static final String OTHER = "undercurrent_other";

  private final JdbcTemplate jdbc;
  private final ConvertColumn work;
  private final OldColumn column;
  private final String copy;
  private final ForeignKeys foreignKeys;

  Rehearsal(JdbcTemplate jdbc, ConvertColumn work, OldColumn column) {
    this.jdbc = jdbc;
    this.work = work;
    this.column = column;
    this.copy = "pg_temp." + Column.quoted(column.tableName());
    this.foreignKeys = new ForeignKeys(jdbc, column);
  }

  /**
   * Rehearses it.
   *
   * @return what has to be made for the new column
   * @throws HopelessException if something does not fit
   */
  List<Counterpart> run() {
    var dataSource = requireNonNull(jdbc.getDataSource());
    var transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    return requireNonNull(
        transaction.execute(
            status -> {
              status.setRollbackOnly();
              return counterparts();
            }));
  }

  private List<Counterpart> counterparts() {
    // Before there is a copy, which would have the table's name.
    var counterparts =
        column.dependants().stream()
            .filter(each -> each.is(What.FOREIGN_KEY))
            .map(foreignKeys::counterpart)
            .collect(Collectors.toCollection(ArrayList::new));
    copyTable();
    requireCast();
    convert();
    for (var each : column.dependants()) {
      if (each.is(What.INDEX, What.KEY)) {
        counterparts.add(index(each));
      } else if (each.is(What.CHECK)) {
        counterparts.add(check(each));
      } else if (each.is(What.FOREIGN_KEY)) {
        foreignKeys.rehearse(each, copy, sql -> attempt(each.words(), sql));
      }
    }
    return counterparts;
  }

  private void copyTable() {
    jdbc.execute(
        "CREATE TEMPORARY TABLE %s (LIKE %s INCLUDING GENERATED)"
            .formatted(Column.quoted(column.tableName()), column.qualifiedTable()));
    alter("DROP COLUMN IF EXISTS " + column.quotedNew());
  }

  private void alter(String what) {
    jdbc.execute("ALTER TABLE " + copy + " " + what);
  }

  private String type() {
    return work.to() + column.collation();
  }

  /** A value has to be the same in each session, and may come from this row only. */
  private void requireCast() {
    var value = work.using() == null ? column.quoted() : work.value("");
    try {
      probe(value);
      probe("CAST(%s AS %s)".formatted(value, work.to()));
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      throw new HopelessException(
          NOT_IMMUTABLE.equals(failure.sqlState())
              ? "expected a value of type %s that is the same in each session, found that it depends on settings such as TimeZone or DateStyle. Say it with 'using', such as: using: %s AT TIME ZONE 'UTC'"
                  .formatted(work.to(), column.quoted())
              : "expected that '%s' can be assigned to a column of type %s, found: %s%s"
                  .formatted(
                      work.using() == null ? work.column() : work.using().text(),
                      work.to(),
                      failure.sentence(),
                      work.using() == null ? ". Say how with 'using'" : ""),
          e);
    }
  }

  private void probe(String value) {
    alter(
        "ADD COLUMN %s %s GENERATED ALWAYS AS (%s) STORED"
            .formatted(column.quotedNew(), type(), value));
    alter("DROP COLUMN " + column.quotedNew());
  }

  private void convert() {
    alter("ADD COLUMN %s %s".formatted(column.quotedNew(), type()));
    for (var setting : column.settings()) {
      attempt(
          "what is set for the column",
          "ALTER TABLE %s ALTER COLUMN %s %s".formatted(copy, column.quotedNew(), setting));
    }
    if (column.defaultValue() != null) {
      attempt(
          "default " + column.defaultValue(),
          "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s"
              .formatted(copy, column.quotedNew(), column.defaultValue()));
    }
  }

  private void attempt(String what, String sql) {
    try {
      jdbc.execute(sql);
    } catch (DataAccessException e) {
      throw new HopelessException(
          "expected that %s fits a column of type %s, found: %s. Drop it, and make it again after the swap"
              .formatted(what, work.to(), SqlFailure.of(e).sentence()),
          e);
    }
  }

  /** How something reads that is made on the copy, once the new column has the old one's name. */
  private String renamed(String create, String definition, String drop) {
    jdbc.execute(create);
    rename(column.quotedNew(), Column.quoted(OTHER));
    rename(column.quoted(), column.quotedNew());
    var renamed = text(definition);
    rename(column.quotedNew(), column.quoted());
    rename(Column.quoted(OTHER), column.quotedNew());
    jdbc.execute(drop);
    return renamed;
  }

  private void rename(String from, String to) {
    alter("RENAME COLUMN " + from + " TO " + to);
  }

  private String text(String sql) {
    return requireNonNull(jdbc.queryForObject(sql, String.class));
  }

  private Counterpart index(Dependant each) {
    return JdbcClient.create(jdbc)
        .sql(
            "SELECT relname, indisunique, "
                + TAIL
                + """
                 AS tail, spcname, condeferrable, condeferred, contype, indisclustered,
                     indisreplident, obj_description(indexrelid, 'pg_class') AS comment,
                     obj_description(pg_constraint.oid, 'pg_constraint') AS constraint_comment
                FROM pg_index
                JOIN pg_class ON pg_class.oid = indexrelid
                LEFT JOIN pg_tablespace ON pg_tablespace.oid = reltablespace
                LEFT JOIN pg_constraint ON conindid = indexrelid AND conrelid = indrelid
                                       AND contype IN ('p', 'u')
               WHERE indexrelid = :index""")
        .param("index", each.index())
        .query((row, number) -> index(each, row))
        .single();
  }

  private OfIndex index(Dependant each, ResultSet row) throws SQLException {
    var name = row.getString("relname");
    var unique = row.getBoolean("indisunique") ? "UNIQUE " : "";
    var create = "CREATE " + unique + "INDEX " + COPIED + " ON " + copy + " USING ";
    var tail =
        "SELECT "
            + TAIL
            + " FROM pg_index WHERE indexrelid = CAST('pg_temp.undercurrent_copied' AS regclass)";
    var drop = "DROP INDEX pg_temp." + COPIED;
    var renamed = renamed(create + row.getString("tail"), tail, drop);
    attempt(each.words(), create + renamed);
    var fits = text(tail);
    jdbc.execute(drop);
    return new OfIndex(
        name,
        row.getBoolean("indisunique"),
        fits,
        row.getString("spcname"),
        row.getString("contype") == null
            ? null
            : new OfIndex.Key(
                row.getString("contype").equals("p") ? "PRIMARY KEY" : "UNIQUE",
                row.getBoolean("condeferrable")
                    ? "DEFERRABLE INITIALLY "
                        + (row.getBoolean("condeferred") ? "DEFERRED" : "IMMEDIATE")
                    : ""),
        afterwards(name, row));
  }

  private List<String> afterwards(String name, ResultSet row) throws SQLException {
    var statements = new ArrayList<String>();
    if (row.getBoolean("indisclustered")) {
      statements.add(column.alterTable("CLUSTER ON " + Column.quoted(name)));
    }
    if (row.getBoolean("indisreplident")) {
      statements.add(column.alterTable("REPLICA IDENTITY USING INDEX " + Column.quoted(name)));
    }
    if (row.getString("comment") != null) {
      statements.add(
          "COMMENT ON INDEX "
              + column.qualified(name)
              + " IS "
              + Text.literal(row.getString("comment")));
    }
    if (row.getString("constraint_comment") != null) {
      statements.add(
          Text.commentOnConstraint(
              name, column.qualifiedTable(), row.getString("constraint_comment")));
    }
    return statements;
  }

  private Counterpart check(Dependant each) {
    var found =
        requireNonNull(
            jdbc.queryForObject(
                "SELECT convalidated, "
                    + Constraint.DEFINITION
                    + " AS definition FROM pg_constraint WHERE oid = ?",
                (row, number) ->
                    new Constraint(row.getBoolean("convalidated"), row.getString("definition")),
                each.number()));
    var add = "ALTER TABLE " + copy + " ADD CONSTRAINT " + COPIED + " ";
    var definition =
        "SELECT "
            + Constraint.DEFINITION
            + " FROM pg_constraint WHERE conname = '"
            + COPIED
            + "' AND conrelid = CAST("
            + Text.literal(copy)
            + " AS regclass)";
    var drop = "ALTER TABLE " + copy + " DROP CONSTRAINT " + COPIED;
    var renamed = renamed(add + found.definition(), definition, drop);
    attempt(each.words(), add + renamed);
    var fits = text(definition);
    jdbc.execute(drop);
    return new OfConstraint(
        each.name(),
        column.qualifiedTable(),
        fits,
        found.validated(),
        Text.commentOnConstraint(jdbc, each, column.qualifiedTable()));
  }
}
