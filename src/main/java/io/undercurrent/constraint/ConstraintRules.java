package io.undercurrent.constraint;

import io.undercurrent.database.DidYouMean;
import io.undercurrent.failure.HopelessException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What has to hold before a constraint is added, or validated, which may take hours.
 *
 * @param jdbc one session
 */
record ConstraintRules(JdbcTemplate jdbc, WantedConstraint wanted, Map<String, Object> values) {

  /**
   * What is there, and what PostgreSQL makes of the definition.
   *
   * @param table the table
   * @param existing the constraint if it is there, or null
   * @param violations the rows that it refuses; null if no condition tells them
   */
  record Outcome(
      ConstrainedTable table, @Nullable Constraint existing, @Nullable Violations violations) {}

  /**
   * Looks, and changes nothing.
   *
   * @throws HopelessException if the constraint cannot be had
   * @throws org.springframework.dao.DataAccessException if PostgreSQL does not accept it
   */
  Outcome check() {
    var table = ConstrainedTable.of(jdbc, wanted.table()).required();
    var existing = Constraint.find(jdbc, table.oid(), wanted.name()).orElse(null);
    var added = wanted.added(values);
    if (added.isPresent()) {
      return added(table, existing, added.get());
    }
    if (existing == null) {
      var hint = DidYouMean.hint(wanted.name(), table.constraints(jdbc));
      throw new HopelessException(
          "expected a constraint '%s' on table %s, found none%s Say what it is with 'add', to have it added"
              .formatted(wanted.name(), table.name(), hint.isEmpty() ? "." : hint));
    }
    return outcome(table, existing, existing);
  }

  private Outcome added(
      ConstrainedTable table, @Nullable Constraint existing, AddedConstraint added) {
    if (added.isForeignKey()) {
      checkForeignKey(table, added);
    }
    return new Rehearsal(jdbc)
        .of(
            table,
            wanted.name(),
            added,
            rehearsed -> {
              requireSame(existing, rehearsed);
              return outcome(table, existing, rehearsed);
            });
  }

  private void checkForeignKey(ConstrainedTable table, AddedConstraint added) {
    if (table.partitioned() && !ConstrainedTable.isServerSince(jdbc, 18)) {
      throw new HopelessException(
          "expected PostgreSQL 18 or newer, for older ones cannot add a foreign key NOT VALID to a partitioned table such as %s. Have an update for each partition; where each has it, 'run: ALTER TABLE ... ADD FOREIGN KEY ...' on the table takes theirs over and reads no rows"
              .formatted(table.name()));
    }
    var allowed =
        jdbc.queryForObject(
            "SELECT has_table_privilege(CAST(CAST(? AS text) AS regclass), 'REFERENCES')",
            Boolean.class,
            added.referenced());
    if (!Boolean.TRUE.equals(allowed)) {
      throw new HopelessException(
          "expected the privilege REFERENCES on table %1$s, found that the role lacks it: GRANT REFERENCES ON %1$s TO ..."
              .formatted(added.referenced()));
    }
  }

  private void requireSame(@Nullable Constraint existing, Constraint rehearsed) {
    if (existing != null
        && (!existing.definition().equals(rehearsed.definition())
            || existing.references() != rehearsed.references())) {
      throw new HopelessException(
          "expected constraint '%s' to be '%s', found that it is there as '%s'. Give the new one another name, or leave out 'add' to have that one validated"
              .formatted(wanted.name(), rehearsed.shown(jdbc), existing.shown(jdbc)));
    }
  }

  private Outcome outcome(
      ConstrainedTable table, @Nullable Constraint existing, Constraint constraint) {
    if (existing != null && !existing.enforced()) {
      throw new HopelessException(
          "expected a constraint that is enforced, found that '%s' is NOT ENFORCED. Alter it first, with 'run:'"
              .formatted(wanted.name()));
    }
    if (wanted.deletes()) {
      requireDeletable(table, constraint);
    }
    return new Outcome(table, existing, Violations.of(jdbc, constraint, table).orElse(null));
  }

  private void requireDeletable(ConstrainedTable table, Constraint constraint) {
    if (constraint.references() == table.oid() && constraint.keepsReferred()) {
      throw new HopelessException(
          "expected a foreign key with ON DELETE CASCADE or SET NULL, for table %s refers to itself: a row that is deleted would leave the rows behind that refer to it. Delete them in the right order with an update of your own"
              .formatted(table.name()));
    }
    if (Violations.of(jdbc, constraint, table).isEmpty()) {
      throw new HopelessException(
          "expected a CHECK or a foreign key without PERIOD, whose violating rows a condition tells, found '%s'. Delete the rows with an update of your own"
              .formatted(constraint.definition()));
    }
  }
}
