package io.undercurrent.run;

import static java.util.stream.Collectors.joining;

import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;

/**
 * A one-shot: all statements in one transaction, in one iteration.
 *
 * @param statements the SQL, in order
 */
public record RunStatements(List<Sql> statements) implements Work {

  @Override
  public Description describe(Function<Sql, String> shortened) {
    return Description.of("run", "one-shot: SQL in one transaction")
        .fact("run", statements.stream().map(shortened).collect(joining("\n")))
        .field("statements", statements.stream().map(Sql::text).toList());
  }

  @Override
  public void check(CheckContext check) {
    var inTheSameRole = true;
    for (var sql : statements) {
      var template = new SqlTemplate(sql.text(), List.of());
      var planned = inTheSameRole && template.isPlanned();
      check.attempt(sql.line(), () -> asked(check, sql, planned));
      inTheSameRole = inTheSameRole && !template.contains("ROLE");
      check.earlier().runs(check.update().name(), sql.text());
    }
  }

  /** Planning finds missing privileges as well. */
  private static BoundSql asked(CheckContext check, Sql sql, boolean planned) {
    var statement = RunStep.statement(sql.text(), check.values());
    if (planned) {
      statement.explain(check.jdbc());
    } else {
      statement.describe(check.jdbc());
    }
    return statement;
  }

  @Override
  public DryRun dryRun(UpdateContext update, Consumer<TriedChunk> tried) {
    return new RunExplanation(update).of(statements);
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    return new RunStep(repository, update, this);
  }
}
