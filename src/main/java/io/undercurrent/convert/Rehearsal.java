package io.undercurrent.convert;

import static java.util.Objects.requireNonNull;

import io.undercurrent.convert.Counterpart.OfConstraint;
import io.undercurrent.convert.Counterpart.OfIndex;
import io.undercurrent.convert.Dependant.What;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.sql.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

  private static final String COPIED = "undercurrent_copied";

  private final JdbcTemplate jdbc;
  private final OldColumn column;
  private final ColumnCopy copy;
  private final ForeignKeys foreignKeys;

  Rehearsal(JdbcTemplate jdbc, ConvertColumn work, OldColumn column) {
    this.jdbc = jdbc;
    this.column = column;
    this.copy = new ColumnCopy(jdbc, work, column);
    this.foreignKeys = new ForeignKeys(jdbc, column);
  }

  /**
   * Rehearses it.
   *
   * @return what has to be made for the new column
   * @throws HopelessException if something does not fit
   */
  List<Counterpart> run() {
    return rolledBack(jdbc, this::counterparts);
  }

  /** What comes of work of which nothing is to stay. */
  static <T> T rolledBack(JdbcTemplate jdbc, Supplier<T> work) {
    var dataSource = requireNonNull(jdbc.getDataSource());
    var transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    return requireNonNull(
        transaction.execute(
            status -> {
              status.setRollbackOnly();
              return work.get();
            }));
  }

  private List<Counterpart> counterparts() {
    // Before there is a copy, which would have the table's name.
    var counterparts =
        column.dependants().stream()
            .filter(each -> each.is(What.FOREIGN_KEY))
            .map(foreignKeys::counterpart)
            .collect(Collectors.toCollection(ArrayList::new));
    copy.create();
    for (var each : column.dependants()) {
      if (each.is(What.INDEX, What.KEY)) {
        counterparts.add(index(each));
      } else if (each.is(What.CHECK)) {
        counterparts.add(check(each));
      } else if (each.is(What.FOREIGN_KEY)) {
        foreignKeys.rehearse(each, copy.table(), sql -> copy.attempt(each.words(), sql));
      }
    }
    return counterparts;
  }

  private Counterpart index(Dependant each) {
    return JdbcClient.create(jdbc)
        .sql(
            "SELECT relname, indisunique, "
                + TAIL
                + """
                 AS tail, spcname, contype, indisclustered,
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
    var create = "CREATE " + unique + "INDEX " + COPIED + " ON " + copy.table() + " USING ";
    var tail =
        "SELECT "
            + TAIL
            + " FROM pg_index WHERE indexrelid = CAST('pg_temp.undercurrent_copied' AS regclass)";
    var drop = "DROP INDEX pg_temp." + COPIED;
    var made = new ColumnCopy.Made(create, tail, drop);
    var fits = copy.fitting(each.words(), made, row.getString("tail"));
    return new OfIndex(
        name,
        row.getBoolean("indisunique"),
        fits,
        row.getString("spcname"),
        row.getString("contype") == null
            ? null
            : row.getString("contype").equals("p") ? "PRIMARY KEY" : "UNIQUE",
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
    var add = "ALTER TABLE " + copy.table() + " ADD CONSTRAINT " + COPIED + " ";
    var definition =
        "SELECT "
            + Constraint.DEFINITION
            + " FROM pg_constraint WHERE conname = '"
            + COPIED
            + "' AND conrelid = CAST("
            + Text.literal(copy.table())
            + " AS regclass)";
    var drop = "ALTER TABLE " + copy.table() + " DROP CONSTRAINT " + COPIED;
    var made = new ColumnCopy.Made(add, definition, drop);
    var fits = copy.fitting(each.words(), made, found.definition());
    return new OfConstraint(
        each.name(),
        column.qualifiedTable(),
        null,
        fits,
        found.validated(),
        Text.commentOnConstraint(jdbc, each, column.qualifiedTable()));
  }
}
