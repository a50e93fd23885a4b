package io.undercurrent.convert;

import static java.util.Objects.requireNonNull;

import io.undercurrent.convert.Counterpart.OfConstraint;
import io.undercurrent.failure.HopelessException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The foreign keys from a column, and those from elsewhere to it. */
record ForeignKeys(JdbcTemplate jdbc, OldColumn column) {

  private static final String OTHER = "pg_temp.undercurrent_other";

  /** The columns of both sides, as they are and as they will be, and what follows them. */
  private static final String FIND =
      """
      SELECT conrelid = :table AS ours, confrelid = :table AS theirs, convalidated,
             pg_has_role(to_table.relowner, 'USAGE') AS owned,
             format('%%I.%%I', from_home.nspname, from_table.relname) AS from_table,
             format('%%I.%%I', to_home.nspname, to_table.relname) AS to_table,
             (%1$s) AS from_columns,
             (%2$s) AS to_columns,
             substr(definition, length(beginning) + 1) AS rest,
             starts_with(definition, beginning) AND strpos(substr(definition, length(beginning)), '(') = 0
               AS plain
        FROM (SELECT *, %3$s AS definition,
                     format('FOREIGN KEY (%%s) REFERENCES %%s(%%s)', (%4$s),
                            CAST(confrelid AS regclass), (%5$s)) AS beginning
                FROM pg_constraint
               WHERE oid = :key) AS foreign_key
        JOIN pg_class AS from_table ON from_table.oid = conrelid
        JOIN pg_namespace AS from_home ON from_home.oid = from_table.relnamespace
        JOIN pg_class AS to_table ON to_table.oid = confrelid
        JOIN pg_namespace AS to_home ON to_home.oid = to_table.relnamespace"""
          .formatted(
              columns("conrelid", "conkey", ":own"),
              columns("confrelid", "confkey", ":own"),
              Constraint.DEFINITION,
              columns("conrelid", "conkey", "attname"),
              columns("confrelid", "confkey", "attname"));

  private static String columns(String table, String numbers, String own) {
    return """
        SELECT string_agg(quote_ident(CASE WHEN attrelid = :table AND attnum = :column
                                           THEN %3$s ELSE attname END), ', ' ORDER BY position)
          FROM unnest(%2$s) WITH ORDINALITY AS part (number, position)
          JOIN pg_attribute ON attrelid = %1$s AND attnum = number"""
        .formatted(table, numbers, own);
  }

  private record Key(
      boolean ours,
      boolean theirs,
      boolean validated,
      boolean owned,
      String from,
      String to,
      String fromColumns,
      String toColumns,
      String rest) {}

  private Key find(Dependant each) {
    return JdbcClient.create(jdbc)
        .sql(FIND)
        .param("table", column.table())
        .param("column", column.number())
        .param("own", Names.column(column.name()))
        .param("key", each.number())
        .query((row, number) -> key(each, row))
        .single();
  }

  private static Key key(Dependant each, ResultSet row) throws SQLException {
    if (!row.getBoolean("plain")) {
      throw new HopelessException(
          "expected a foreign key of columns, found %s, which says more. Drop it, and make it again after the swap"
              .formatted(each.words()));
    }
    return new Key(
        row.getBoolean("ours"),
        row.getBoolean("theirs"),
        row.getBoolean("convalidated"),
        row.getBoolean("owned"),
        row.getString("from_table"),
        row.getString("to_table"),
        row.getString("from_columns"),
        row.getString("to_columns"),
        row.getString("rest"));
  }

  /** One whose columns are the new one's, as PostgreSQL writes it. */
  Counterpart counterpart(Dependant each) {
    var key = find(each);
    var to =
        requireNonNull(
            jdbc.queryForObject(
                "SELECT CAST(CAST(CAST(? AS text) AS regclass) AS text)", String.class, key.to));
    return new OfConstraint(
        each.name(),
        key.from,
        key.owned && !key.from.equals(key.to) ? key.to : null,
        "FOREIGN KEY (%s) REFERENCES %s(%s)%s"
            .formatted(key.fromColumns, to, key.toColumns, key.rest),
        key.validated,
        Text.commentOnConstraint(jdbc, each, key.from));
  }

  /**
   * Tries one on empty copies of its tables: types may not be comparable.
   *
   * @param copy the one of the column's own table
   * @param run runs a statement
   */
  void rehearse(Dependant each, String copy, Consumer<String> run) {
    var key = find(each);
    var from = key.ours ? copy : OTHER;
    var to = key.theirs ? copy : OTHER;
    if (!key.ours || !key.theirs) {
      run.accept(
          "CREATE TEMPORARY TABLE undercurrent_other (LIKE %s)"
              .formatted(key.ours ? key.to : key.from));
    }
    run.accept(
        "ALTER TABLE %s ADD CONSTRAINT undercurrent_key UNIQUE (%s)".formatted(to, key.toColumns));
    run.accept(
        "ALTER TABLE %s ADD CONSTRAINT undercurrent_reference FOREIGN KEY (%s) REFERENCES %s (%s)"
            .formatted(from, key.fromColumns, to, key.toColumns));
    run.accept("ALTER TABLE %s DROP CONSTRAINT undercurrent_reference".formatted(from));
    run.accept("ALTER TABLE %s DROP CONSTRAINT undercurrent_key".formatted(to));
    if (!key.ours || !key.theirs) {
      run.accept("DROP TABLE " + OTHER);
    }
  }
}
