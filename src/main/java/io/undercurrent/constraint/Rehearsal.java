package io.undercurrent.constraint;

import static java.util.Objects.requireNonNull;

import io.undercurrent.sql.Column;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Adds a constraint to empty copies of its tables, in a transaction that is rolled back: shows what
 * PostgreSQL makes of the definition, and locks nothing of the application's.
 *
 * @param jdbc one session
 */
record Rehearsal(JdbcTemplate jdbc) {

  private static final String REFERENCED = "pg_temp.\"undercurrent referenced\"";

  /**
   * Rehearses.
   *
   * @param look what to find out about the constraint; called while it is there
   * @throws org.springframework.dao.DataAccessException if PostgreSQL does not accept it
   */
  <T> T of(
      ConstrainedTable table, String name, AddedConstraint added, Function<Constraint, T> look) {
    var transaction =
        new TransactionTemplate(
            new DataSourceTransactionManager(requireNonNull(jdbc.getDataSource())));
    transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
    return requireNonNull(
        transaction.execute(
            status -> {
              status.setRollbackOnly();
              return look.apply(added(table, name, added));
            }));
  }

  private Constraint added(ConstrainedTable table, String name, AddedConstraint added) {
    var copy = "pg_temp." + Column.quoted(table.name());
    // Looked up first: the copy hides a table of its name.
    var referenced = added.isForeignKey() ? ConstrainedTable.of(jdbc, added.referenced()) : null;
    copy(copy, table);
    if (referenced != null && referenced.oid() != table.oid()) {
      copy(REFERENCED, referenced);
    }
    var definition =
        referenced == null
            ? added.text()
            : added.referencing(referenced.oid() == table.oid() ? copy : REFERENCED);
    jdbc.execute("ALTER TABLE " + copy + " " + AddedConstraint.action(name, definition));
    var oid =
        requireNonNull(
            jdbc.queryForObject(
                "SELECT CAST(CAST(CAST(? AS text) AS regclass) AS oid)", Long.class, copy));
    var rehearsed = Constraint.find(jdbc, oid, name).orElseThrow();
    return referenced == null ? rehearsed : rehearsed.referencing(referenced.oid());
  }

  private void copy(String copy, ConstrainedTable table) {
    jdbc.execute(
        "CREATE TEMPORARY TABLE %s (LIKE %s INCLUDING INDEXES)"
            .formatted(copy, table.qualifiedName()));
  }
}
