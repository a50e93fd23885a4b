package io.undercurrent.constraint;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.iteration.UpdateContext;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Makes columns NOT NULL, whatever earlier attempts have done of that. */
final class NotNullChange {

  private static final Logger log = LoggerFactory.getLogger(NotNullChange.class);

  /** A look at all rows, under a lock that nobody shares, would take longer. */
  private static final String NO_SCAN = "SET LOCAL statement_timeout = '10s'";

  private final UpdateContext update;
  private final NotNull work;
  private final Ddl ddl;

  /** Why the columns cannot be NOT NULL, while what was added for it is still there. */
  private @Nullable HopelessException refusal;

  NotNullChange(UpdateContext update, NotNull work) {
    this.update = update;
    this.work = work;
    this.ddl = new Ddl(update);
  }

  /**
   * Does what is left to do.
   *
   * @throws HopelessException if there are NULLs; nothing is left of the attempt then
   */
  void run() {
    var state = ColumnState.of(ddl.jdbc(), work);
    if (refusal == null) {
      try {
        state.unvalidated().forEach(constraint -> validate(state, constraint));
        change(state);
        return;
      } catch (HopelessException e) {
        refusal = e;
      }
    }
    // A lock that is not to be had now is asked for again, and this is where it goes on then.
    dropCheck(state);
    throw refusal;
  }

  private void change(ColumnState state) {
    if (state.nullable().isEmpty()) {
      log.info("Columns {} on {} are NOT NULL", work.columns(), update.databaseName());
      dropCheck(state);
      return;
    }
    var check = check(state);
    if (check.isEmpty()) {
      refuse(state, "Nothing was changed", null);
      log.info("Adding {} on {}", work.check(), update.databaseName());
      atOnce(state, state.table().alter(work.addCheck()));
    }
    if (check.filter(Constraint::validated).isEmpty()) {
      validate(state, work.check());
    }
    atOnce(
        state,
        NO_SCAN,
        state.table().alter(work.setNotNull()),
        state.table().alter(Constraint.drop(work.check())));
  }

  private Optional<Constraint> check(ColumnState state) {
    return work.left(ddl.jdbc(), state.table());
  }

  private void validate(ColumnState state, String constraint) {
    log.info("Validating {} on {}", constraint, update.databaseName());
    try {
      ddl.patientlyInSharing(state.table().alter(Constraint.validate(constraint)));
    } catch (DataAccessException e) {
      if (ConstraintChange.VIOLATIONS.contains(String.valueOf(SqlFailure.of(e).sqlState()))) {
        var kept =
            constraint.equals(work.check())
                ? "What the update had added was dropped again"
                : "Constraint '%s' stays NOT VALID".formatted(constraint);
        refuse(state, kept, e);
        throw new HopelessException(
            "%s. %s. %s".formatted(SqlFailure.of(e).sentence(), kept, wayOut()), e);
      }
      throw e;
    }
  }

  /** Refuses to go on if there are NULLs, as far as some seconds tell. */
  private void refuse(ColumnState state, String kept, @Nullable Exception cause) {
    ViolatingRows.find(ddl, state.table(), Violations.ofNotNull(work.columns()))
        .ifPresent(
            rows -> {
              throw new HopelessException(
                  "expected no NULL in (%s) of table %s, found it in %s. %s. %s"
                      .formatted(
                          String.join(", ", work.columns()),
                          state.table().name(),
                          rows,
                          kept,
                          wayOut()),
                  cause);
            });
  }

  private String wayOut() {
    var column = work.columns().get(0);
    return "Fill these rows, for example with 'update: {table: %s, set: {%2$s: ...}, where: %2$s IS NULL}', then: retry %3$s"
        .formatted(work.table(), column, update.name());
  }

  private void dropCheck(ColumnState state) {
    check(state)
        .ifPresent(left -> atOnce(state, state.table().alter(Constraint.drop(left.name()))));
  }

  private void atOnce(ColumnState state, String... statements) {
    ddl.atOnce(List.of(state.table().qualifiedName()), List.of(statements));
  }
}
