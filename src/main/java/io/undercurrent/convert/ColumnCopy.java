package io.undercurrent.convert;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An empty temporary copy of a table, on which the new column and what it needs are tried.
 *
 * @param work what the job file says
 * @param column the old column
 */
record ColumnCopy(JdbcTemplate jdbc, ConvertColumn work, OldColumn column) {

  private static final String NOT_IMMUTABLE = "42P17";
  private static final String OTHER = Column.quoted("undercurrent_other");

  /** The copy as SQL. */
  String table() {
    return "pg_temp." + Column.quoted(column.tableName());
  }

  /**
   * Makes it, with both columns.
   *
   * @throws HopelessException if the column's values, settings or default do not fit the new type
   */
  void create() {
    jdbc.execute(
        "CREATE TEMPORARY TABLE %s (LIKE %s INCLUDING GENERATED)"
            .formatted(Column.quoted(column.tableName()), column.qualifiedTable()));
    alter("DROP COLUMN IF EXISTS " + column.quotedNew());
    requireCast();
    convert();
    requireComparison();
  }

  private void alter(String what) {
    jdbc.execute("ALTER TABLE " + table() + " " + what);
  }

  private String type() {
    return work.to() + column.collation();
  }

  /** A value has to be the same in each session, and may come from this row only. */
  private void requireCast() {
    var value = work.using() == null ? column.quoted() : work.value("");
    var isEnum = Conversion.is(jdbc, work, "e");
    try {
      probe(value);
      probe("CAST(%s AS %s)".formatted(value, work.to()));
    } catch (DataAccessException e) {
      var failure = SqlFailure.of(e);
      throw new HopelessException(
          NOT_IMMUTABLE.equals(failure.sqlState())
              ? "expected a value of type %1$s that is the same in each session, found that it depends on %2$s. Say it with 'using', such as: using: %4$s %3$s"
                  .formatted(
                      work.to(),
                      isEnum
                          ? "what %s is then".formatted(work.to())
                          : "settings such as TimeZone or DateStyle",
                      isEnum
                          ? "WHEN 'new' THEN CAST('new' AS %s) ... END".formatted(work.to())
                          : "AT TIME ZONE 'UTC'",
                      isEnum ? "CASE " + column.quoted() : column.quoted())
              : "expected that '%s' can be assigned to a column of type %s, found: %s%s"
                  .formatted(
                      work.using() == null ? work.column() : work.using().text(),
                      work.to(),
                      failure.sentence(),
                      work.using() == null ? ". Say how with 'using'" : ""),
          e);
    }
  }

  /** That both columns have the same value is what the swap relies on. */
  private void requireComparison() {
    try {
      jdbc.execute(
          "SELECT FROM %s WHERE %s IS DISTINCT FROM CAST(%s AS %s)"
              .formatted(
                  table(),
                  column.quotedNew(),
                  work.using() == null ? column.quoted() : work.value(""),
                  work.to()));
    } catch (DataAccessException e) {
      throw new HopelessException(
          "expected a type whose values can be compared, found: %s. Convert to another one, such as jsonb in place of json"
              .formatted(SqlFailure.of(e).sentence()),
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
          "ALTER TABLE %s ALTER COLUMN %s %s".formatted(table(), column.quotedNew(), setting));
    }
    if (column.defaultValue() != null) {
      attempt(
          "default " + column.defaultValue(),
          "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s"
              .formatted(table(), column.quotedNew(), column.defaultValue()));
    }
  }

  /**
   * Runs a statement.
   *
   * @param what what it is about
   * @throws HopelessException if it fails
   */
  void attempt(String what, String sql) {
    try {
      jdbc.execute(sql);
    } catch (DataAccessException e) {
      throw new HopelessException(
          "expected that %s fits a column of type %s, found: %s. Drop it, and make it again after the swap"
              .formatted(what, work.to(), SqlFailure.of(e).sentence()),
          e);
    }
  }

  /**
   * What is made on the copy.
   *
   * @param create the statement that makes it, up to its definition
   * @param definition the query for that
   * @param drop the statement that takes it away
   */
  record Made(String create, String definition, String drop) {}

  /**
   * How a definition reads for the new column, as PostgreSQL writes it.
   *
   * @param what what it is about
   * @param definition that for the old column
   * @throws HopelessException if it does not fit the new type
   */
  String fitting(String what, Made made, String definition) {
    jdbc.execute(made.create + definition);
    rename(column.quotedNew(), OTHER);
    rename(column.quoted(), column.quotedNew());
    var renamed = text(made.definition);
    rename(column.quotedNew(), column.quoted());
    rename(OTHER, column.quotedNew());
    jdbc.execute(made.drop);
    attempt(what, made.create + renamed);
    var fits = text(made.definition);
    jdbc.execute(made.drop);
    return fits;
  }

  private void rename(String from, String to) {
    alter("RENAME COLUMN " + from + " TO " + to);
  }

  private String text(String sql) {
    return requireNonNull(jdbc.queryForObject(sql, String.class));
  }
}
