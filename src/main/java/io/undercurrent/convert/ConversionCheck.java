package io.undercurrent.convert;

import io.undercurrent.failure.HopelessException;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.page.Read;
import io.undercurrent.rows.ReadWrite;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import java.util.Optional;

/** Looks for what would keep a column from being converted, on an empty copy of its table. */
final class ConversionCheck {

  private final CheckContext check;
  private final ConvertColumn work;

  ConversionCheck(CheckContext check, ConvertColumn work) {
    this.check = check;
    this.work = work;
  }

  void run() {
    check.attempt(work.line(), this::refuseValues);
    check
        .attemptOn(work.line(), work.table(), () -> OldColumn.of(check.jdbc(), work))
        .ifPresent(this::checkUnlessConverted);
  }

  private void checkUnlessConverted(OldColumn column) {
    if (!check
        .attempt(work.line(), () -> Conversion.isOver(check.jdbc(), work))
        .equals(Optional.of(true))) {
      check(column);
    } else if (check.attempt(work.line(), () -> Conversion.requireUse(work)).isPresent()) {
      check.warn(
          work.line(),
          "column '%s' of table %s is %s already, so there is nothing to do"
              .formatted(work.column(), work.table(), work.to()));
    }
  }

  private boolean refuseValues() {
    if (work.using() != null) {
      var parameters = SqlTemplate.parse(work.using().text(), check.values()).parameters();
      if (!parameters.isEmpty()) {
        throw new HopelessException(
            "expected no ':%s' in 'using', which a trigger evaluates that knows no values. Write the value itself"
                .formatted(parameters.get(0)));
      }
    }
    return true;
  }

  private void check(OldColumn column) {
    check
        .attempt(work.line(), () -> Conversion.problems(check.jdbc(), work, column))
        .ifPresent(
            problems ->
                problems.forEach(
                    problem -> check.refuse(work.line(), problem, check.earlier().maker())));
    if (check.isSound()) {
      check.attemptOn(
          work.line(), work.table(), () -> new Rehearsal(check.jdbc(), work, column).run());
      warnOfTriggers(column);
      warnOfFunctions(column);
      checkReading();
    }
  }

  /** Those for certain columns do not fire for the new one. */
  private void warnOfTriggers(OldColumn column) {
    var triggers =
        check
            .jdbc()
            .queryForList(
                """
                SELECT quote_ident(tgname)
                  FROM pg_trigger
                 WHERE tgrelid = ?
                   AND NOT tgisinternal
                   AND tgenabled <> 'D'
                   AND tgtype & 16 <> 0
                   AND tgtype & 1 <> 0
                   AND tgattr = ''
                   AND tgname <> ?
                 ORDER BY 1""",
                String.class,
                column.table(),
                Names.trigger(column.name()));
    if (!triggers.isEmpty()) {
      check.warn(
          work.line(),
          Concern.ROW_TRIGGERS,
          "each row of %s is updated once, for which its own triggers fire: %s"
              .formatted(work.table(), String.join(", ", triggers)));
    }
  }

  private void warnOfFunctions(OldColumn column) {
    var functions = new TriggerFunctions(check.jdbc(), column).ofOthers();
    if (!functions.isEmpty()) {
      check.warn(
          work.line(),
          "sessions that are open at the swap may fail afterwards in functions of other owners that triggers call, with 'type of parameter does not match': %s. Open new ones then, or make the role a member of the owner"
              .formatted(String.join(", ", functions)));
    }
  }

  /** The new column is not there yet, so what writes it cannot be planned. */
  private void checkReading() {
    check
        .attemptOn(work.line(), work.table(), () -> work.walked(check.jdbc()))
        .map(
            key ->
                new ReadWrite(
                    new Read.Table(work.table(), key, null),
                    null,
                    new ReadWrite.Write.Statements(
                        List.of(new Sql("SELECT count(*) FROM chunk", work.line())))))
        .ifPresent(reading -> reading.check(check));
  }
}
