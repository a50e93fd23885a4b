package io.undercurrent.constraint;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.iteration.UpdateContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Adds a constraint and validates it, whatever earlier attempts have done of that. */
final class ConstraintChange {

  private static final Logger log = LoggerFactory.getLogger(ConstraintChange.class);

  /** SQLSTATEs of NOT NULL, a foreign key and a CHECK. */
  static final Set<String> VIOLATIONS = Set.of("23502", "23503", "23514");

  private final UpdateContext update;
  private final WantedConstraint wanted;
  private final Ddl ddl;

  ConstraintChange(UpdateContext update, WantedConstraint wanted) {
    this.update = update;
    this.wanted = wanted;
    this.ddl = new Ddl(update);
  }

  /**
   * Adds it NOT VALID, unless it is there: from then on, no row is written that violates it.
   *
   * @throws HopelessException if it cannot be had, or if rows are found that violate it
   */
  void add() {
    var rules = checked();
    if (rules.existing() != null) {
      log.info("Constraint {} on {} is there", wanted.name(), update.databaseName());
      return;
    }
    if (!wanted.deletes() && rules.violations() != null) {
      ViolatingRows.find(ddl, rules.table(), rules.violations())
          .ifPresent(
              rows -> {
                throw new HopelessException(
                    "expected all rows of table %s to satisfy constraint '%s', found %s. Nothing was changed. %s"
                        .formatted(rules.table().name(), wanted.name(), rows, wayOut()));
              });
    }
    log.info("Adding constraint {} on {}", wanted.name(), update.databaseName());
    var added = wanted.added(update.values()).orElseThrow();
    ddl.atOnce(
        lockable(rules.table(), added), List.of(rules.table().alter(added.action(wanted.name()))));
  }

  /** The tables that are locked, as far as they are our role's. */
  private List<String> lockable(ConstrainedTable table, AddedConstraint added) {
    var referenced =
        added.isForeignKey()
            ? Stream.of(ConstrainedTable.of(ddl.jdbc(), added.referenced()))
            : Stream.<ConstrainedTable>empty();
    return Stream.concat(Stream.of(table), referenced)
        .filter(ConstrainedTable::own)
        .map(ConstrainedTable::qualifiedName)
        .distinct()
        .toList();
  }

  /**
   * Validates it, unless it is valid.
   *
   * @throws HopelessException if rows violate it
   */
  void validate() {
    var rules = checked();
    if (rules.existing() == null) {
      throw new HopelessException(
          "expected constraint '%s' to be there, found that it was dropped meanwhile. Begin again with: cancel %s"
              .formatted(wanted.name(), update.name()));
    }
    if (rules.existing().validated()) {
      log.info("Constraint {} on {} is valid", wanted.name(), update.databaseName());
      return;
    }
    log.info("Validating constraint {} on {}", wanted.name(), update.databaseName());
    try {
      ddl.patientlyInSharing(rules.table().alter(Constraint.validate(wanted.name())));
    } catch (DataAccessException e) {
      throw explained(rules, e);
    }
  }

  private ConstraintRules.Outcome checked() {
    var outcome = new AtomicReference<ConstraintRules.@Nullable Outcome>();
    ddl.run(
        session ->
            outcome.set(new ConstraintRules(session.jdbc(), wanted, update.values()).check()));
    return requireNonNull(outcome.get());
  }

  private RuntimeException explained(ConstraintRules.Outcome rules, DataAccessException e) {
    var failure = SqlFailure.of(e);
    if (!VIOLATIONS.contains(String.valueOf(failure.sqlState()))) {
      return e;
    }
    var rows =
        rules.violations() == null
            ? ""
            : ViolatingRows.find(ddl, rules.table(), rules.violations())
                .map(found -> "Found " + found + ". ")
                .orElse("");
    return new HopelessException(
        "%s. %sThe constraint stays NOT VALID: no more such rows are written. Drop it with: %s. %s"
            .formatted(
                failure.sentence(),
                rows,
                rules.table().alter(Constraint.drop(wanted.name())),
                wayOut()),
        e);
  }

  private String wayOut() {
    return "Mend them%s, then: retry %s"
        .formatted(
            wanted.deletes() ? "" : ", or have them deleted with 'delete-violating: true'",
            update.name());
  }
}
