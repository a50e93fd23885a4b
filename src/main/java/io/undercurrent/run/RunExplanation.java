package io.undercurrent.run;

import static java.util.Objects.requireNonNull;

import io.undercurrent.database.SqlFailure;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.kind.DryRun;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.springframework.dao.DataAccessException;

/** What statements that run once would do, by their plans; none is run. */
record RunExplanation(UpdateContext update) {

  private static final String ONCE =
      "It is done at once, in one transaction, and so was not tried: its locks are held until the last statement is done.";

  DryRun of(List<Sql> statements) {
    var remarks = new ArrayList<>(List.of(ONCE));
    for (int i = 0; i < statements.size(); i++) {
      remarks.add(
          "Statement %d of %d, %s".formatted(i + 1, statements.size(), planned(statements.get(i))));
    }
    return DryRun.explained(remarks);
  }

  private String planned(Sql sql) {
    var template = new SqlTemplate(sql.text(), List.of());
    var words = template.keyword() + " " + template.secondKeyword();
    if (!template.isPlanned()) {
      return words.strip() + ": has no plan";
    }
    try {
      var statement = RunStep.statement(sql.text(), update.values());
      return template.keyword() + ": " + words(plan(statement));
    } catch (DataAccessException e) {
      return "%s: cannot be planned yet: %s"
          .formatted(template.keyword(), SqlFailure.of(e).sentence());
    }
  }

  /** It waits for locks no longer than an iteration would. */
  private StatementPlan plan(BoundSql statement) {
    return requireNonNull(
        update
            .transactions()
            .execute(
                status -> {
                  status.setRollbackOnly();
                  update.gate().opening().limit(Timeouts.ofOneShot(update.settings()));
                  return StatementPlan.of(update.jdbc(), statement);
                }));
  }

  private static String words(StatementPlan plan) {
    var tables = new TreeSet<>(plan.changed().isEmpty() ? plan.read() : plan.changed());
    return String.format(
        Locale.ROOT,
        "%s %s, about %,d rows by the planner's estimate",
        plan.changed().isEmpty() ? "reads" : "changes rows of",
        tables.isEmpty() ? "no table" : String.join(", ", tables),
        plan.rows());
  }
}
