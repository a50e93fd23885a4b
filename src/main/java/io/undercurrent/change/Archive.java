package io.undercurrent.change;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.database.RefusedException;
import io.undercurrent.sql.Column;
import java.util.List;

/**
 * Where deleted rows go: every column of theirs has one of the same name and type there.
 *
 * @param source the table that they are deleted from
 * @param table the table that they go into
 */
record Archive(TableShape source, TableShape table) {

  /**
   * Refuses a table that would not take the rows as they are.
   *
   * @throws RefusedException if it would not
   */
  Archive check() {
    table.requireTable("to archive to");
    if (table.related()) {
      throw new RefusedException(
          "expected another table to archive to than %s, found %s, which is the same, or its parent, partition or inheritance child"
              .formatted(source.name(), table.name()));
    }
    source.columns().forEach(this::requireSame);
    table.columns().stream()
        .filter(column -> column.required() && source.find(column.name()).isEmpty())
        .forEach(this::refuseRequired);
    return this;
  }

  private void requireSame(TableColumn column) {
    var same = table.find(column.name());
    if (same.isEmpty()) {
      if (!column.generated()) {
        throw new RefusedException(
            "expected a column '%s' in table %s, found none%s. It would be lost; add it with: ALTER TABLE %s ADD COLUMN %s %s"
                .formatted(
                    column.name(),
                    table.name(),
                    DidYouMean.hint(
                        column.name(), table.columns().stream().map(TableColumn::name).toList()),
                    table.name(),
                    Column.quoted(column.name()),
                    column.described()));
      }
    } else if (same.get().generated()) {
      if (!column.generated()) {
        throw new RefusedException(
            "expected column '%s' of table %s to take the values of %s, found that it is generated"
                .formatted(column.name(), table.name(), source.name()));
      }
    } else if (!column.fits(same.get())) {
      throw new RefusedException(
          "expected column '%s' of table %s to have the type %s, as in %s, found %s"
              .formatted(
                  column.name(),
                  table.name(),
                  column.described(),
                  source.name(),
                  same.get().described()));
    }
  }

  private void refuseRequired(TableColumn column) {
    throw new RefusedException(
        "expected that table %s takes rows of %s, found column '%s', which is NOT NULL without a default. Give it one, or allow NULL"
            .formatted(table.name(), source.name(), column.name()));
  }

  /** The columns that are copied: those that the archive does not make itself. */
  private List<TableColumn> copied() {
    return source.columns().stream()
        .filter(column -> table.find(column.name()).filter(same -> !same.generated()).isPresent())
        .toList();
  }

  /**
   * A statement that deletes rows and inserts them here. A column that is added to their table
   * while it runs would be lost, so it fails then.
   *
   * @param delete the DELETE, up to and with its condition
   */
  String statement(String delete, Target target) {
    var columns = copied();
    var names = columns.stream().map(column -> Column.quoted(column.name())).collect(joining(", "));
    var identity =
        columns.stream().anyMatch(column -> table.column(column.name()).always())
            ? "OVERRIDING SYSTEM VALUE\n"
            : "";
    return """
        WITH gone AS (
        %s
           AND CAST((SELECT CASE count(*) WHEN %d THEN 'true' ELSE %s END
                       FROM pg_attribute
                      WHERE attrelid = CAST(%s AS regclass) AND attnum > 0 AND NOT attisdropped)
                    AS boolean)
        RETURNING %s
        )
        INSERT INTO %s (%s)
        %sSELECT %s
          FROM gone"""
        .formatted(
            delete,
            source.columns().size(),
            literal(
                "expected the columns of %s to stay while its rows are archived, found others; retry"
                    .formatted(source.name())),
            literal(source.name()),
            columns.stream().map(column -> target.column(column.name())).collect(joining(", ")),
            table.name(),
            names,
            identity,
            names);
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
