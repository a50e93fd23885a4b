package io.undercurrent.constraint;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.key.PrimaryKey;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.Part;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ChangedPerItem;
import io.undercurrent.rows.ChunkedWork;
import io.undercurrent.rows.Frame;
import io.undercurrent.rows.RangeChange;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.rows.ReadWrite.Write;
import io.undercurrent.sql.Column;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.TableNames;
import io.undercurrent.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A constraint that all rows satisfy, once those that violate it have been deleted in chunks: it is
 * there before, so that no more of them are written, and is validated after.
 */
record DeleteViolating(@Part("") WantedConstraint wanted) implements ChunkedWork {

  @Override
  public Description describe(Function<Sql, String> shortened) {
    return wanted
        .describe("rows that violate a constraint, deleted in chunks", shortened)
        .fact("deletes", "the rows that violate it, before it is validated");
  }

  /** Only a constraint that is there tells what PostgreSQL itself compares. */
  @Override
  public ReadWrite expand(JdbcTemplate jdbc, Map<String, Object> values) {
    var table = ConstrainedTable.of(jdbc, wanted.table());
    var violations =
        Constraint.find(jdbc, table.oid(), wanted.name())
            .flatMap(constraint -> Violations.of(jdbc, constraint, table));
    return deletion(
        jdbc,
        violations.orElseThrow(
            () ->
                new RefusedException(
                    "expected constraint '%s' on table %s while rows that violate it are deleted, found that it is not there. It is added as the run begins: cancel the update, and start it again"
                        .formatted(wanted.name(), table.name()))));
  }

  @Override
  public Optional<RangeChange> byRange(JdbcTemplate jdbc) {
    return Optional.of(new RangeChange("DELETE FROM " + wanted.table(), null));
  }

  private ReadWrite deletion(JdbcTemplate jdbc, Violations violations) {
    var key = wanted.key().isEmpty() ? PrimaryKey.of(jdbc, wanted.table()) : wanted.key();
    var columns = key.stream().map(Column::quoted).collect(joining(", "));
    // Asked again as it is deleted: another session may have mended the row that it has locked.
    var delete =
        "DELETE FROM %1$s\n WHERE (%2$s) IN (SELECT %2$s FROM chunk)\n   AND (%3$s)"
            .formatted(wanted.table(), columns, violations.condition());
    return new ReadWrite(
        new Read.Table(wanted.table(), key, new Sql(violations.condition(), wanted.line())),
        null,
        new Write.Statements(List.of(new Sql(delete, wanted.line()))),
        new ChangedPerItem(0, 1));
  }

  @Override
  public Optional<Description> expansion(
      JdbcTemplate jdbc, Map<String, Object> values, Function<Sql, String> shortened) {
    var table = ConstrainedTable.of(jdbc, wanted.table());
    return Constraint.find(jdbc, table.oid(), wanted.name()).isPresent()
        ? ChunkedWork.super.expansion(jdbc, values, shortened)
        : Optional.empty();
  }

  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    return TableNames.qualified(jdbc, List.of(wanted.table()));
  }

  @Override
  public void check(CheckContext check) {
    check
        .attemptOn(
            wanted.line(),
            wanted.table(),
            () -> new ConstraintRules(check.jdbc(), wanted, check.values()).check())
        .map(ConstraintRules.Outcome::violations)
        .flatMap(
            violations ->
                check.attemptOn(
                    wanted.line(), wanted.table(), () -> deletion(check.jdbc(), violations)))
        .ifPresent(deletion -> deletion.check(check));
  }

  /** The rows are those that it would refuse, where it is not there yet. */
  @Override
  public DryRun dryRun(UpdateContext update, Consumer<TriedChunk> tried) {
    var violations =
        new ConstraintRules(update.jdbc(), wanted, update.values()).check().violations();
    return deletion(update.jdbc(), requireNonNull(violations)).dryRun(update, tried);
  }

  @Override
  public Frame frame() {
    return new Frame() {

      @Override
      public void before(UpdateContext update) {
        new ConstraintChange(update, wanted).add();
      }

      @Override
      public void after(UpdateContext update) {
        new ConstraintChange(update, wanted).validate();
      }
    };
  }

  @Override
  public List<String> key() {
    return wanted.key();
  }

  @Override
  public Optional<String> clear(Database database, boolean underWay, TimeSource time) {
    return new CancelledConstraint(database, time).told(wanted);
  }
}
