package io.undercurrent.run;

import static java.util.stream.Collectors.joining;

import io.undercurrent.ddl.Ddl;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateSettings;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.DryRun;
import io.undercurrent.kind.TriedChunk;
import io.undercurrent.kind.Work;
import io.undercurrent.plan.StatementPlan;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.sql.SqlTemplate;
import io.undercurrent.sql.TableNames;
import io.undercurrent.sql.Words;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A one-shot: all statements in one transaction, in one iteration.
 *
 * @param statements the SQL, in order
 */
public record RunStatements(List<Sql> statements) implements Work {

  /** How long a statement may hold its locks, unless the file says otherwise. */
  private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(5);

  /** What else has no plan, and takes no strong lock. */
  private static final Set<String> HARMLESS =
      Set.of("SET", "RESET", "SHOW", "NOTIFY", "ANALYZE", "ANALYSE", "COMMENT", "VALUES", "TABLE");

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
      check
          .attempt(sql.line(), () -> asked(check, sql, planned))
          .ifPresent(
              statement ->
                  check.attempt(
                      sql.line(), () -> new LockCheck(check, sql).run(statement, planned)));
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

  /** Statements on what an earlier one makes have no plan yet. */
  @Override
  public List<String> tables(JdbcTemplate jdbc, Map<String, Object> values) {
    var tables = new TreeSet<String>();
    for (var sql : statements) {
      var template = SqlTemplate.parse(sql.text(), values);
      if (template.isPlanned()) {
        tables.addAll(changed(jdbc, RunStep.statement(sql.text(), values)));
      } else {
        altered(Words.of(template)).ifPresent(tables::add);
      }
    }
    return TableNames.qualified(jdbc, tables);
  }

  private static Set<String> changed(JdbcTemplate jdbc, BoundSql statement) {
    try {
      return StatementPlan.of(jdbc, statement).changed();
    } catch (BadSqlGrammarException e) {
      return Set.of();
    }
  }

  /** The table of ALTER TABLE and of CREATE INDEX. */
  private static Optional<String> altered(Words words) {
    var alters = words.accept("ALTER", "TABLE");
    if (alters) {
      words.accept("IF", "EXISTS");
    } else if (!words.accept("CREATE", "INDEX") && !words.accept("CREATE", "UNIQUE", "INDEX")
        || !words.skipTo("ON")) {
      return Optional.empty();
    }
    words.accept("ONLY");
    return Optional.of(words.name());
  }

  @Override
  public DryRun dryRun(UpdateContext update, Consumer<TriedChunk> tried) {
    return new RunExplanation(update).of(statements);
  }

  @Override
  public Timeouts timeouts(UpdateSettings update, Duration target) {
    var usual = Timeouts.ofOneShot(update);
    return new Timeouts(
        update.lockTimeout() == null && locksTables() ? Ddl.LOCK_TIMEOUT : usual.lock(),
        update.statementTimeout() == null ? STATEMENT_TIMEOUT : usual.statement(),
        usual.yields(),
        usual.idle());
  }

  /** Whether a statement may ask for a lock behind which the application would wait. */
  private boolean locksTables() {
    return statements.stream()
        .map(sql -> new SqlTemplate(sql.text(), List.of()))
        .anyMatch(statement -> !statement.isPlanned() && !HARMLESS.contains(statement.keyword()));
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    return new RunStep(repository, update, this);
  }
}
