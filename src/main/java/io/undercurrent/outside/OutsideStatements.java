package io.undercurrent.outside;

import static java.util.stream.Collectors.joining;

import io.undercurrent.database.Database;
import io.undercurrent.database.RefusedException;
import io.undercurrent.ddl.Ddl;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateSettings;
import io.undercurrent.kind.CheckContext;
import io.undercurrent.kind.Concern;
import io.undercurrent.kind.Description;
import io.undercurrent.kind.Work;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.Sql;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;

/**
 * A one-shot: statements in the order of their file, each in no transaction, on a session of its
 * own. Each is an iteration, whose transaction notes that it is done.
 *
 * @param statements the SQL, in order
 */
record OutsideStatements(List<Sql> statements) implements Work {

  @Override
  public Description describe(Function<Sql, String> shortened) {
    return Description.of(
            "outside-transaction", "one-shot: statements in no transaction, one after the other")
        .fact("statements", statements.stream().map(shortened).collect(joining("\n")))
        .field("statements", statements.stream().map(Sql::text).toList());
  }

  @Override
  public void check(CheckContext check) {
    for (var sql : statements) {
      check
          .attempt(sql.line(), () -> asked(check, sql))
          .ifPresent(statement -> check(check, sql.line(), statement));
    }
  }

  /** The server reads it, without running it. */
  private static OutsideStatement asked(CheckContext check, Sql sql) {
    var statement = OutsideStatement.of(sql.text(), check.values());
    BoundSql.of(sql.text(), check.values()).describe(check.jdbc());
    return statement;
  }

  private static void check(CheckContext check, int line, OutsideStatement statement) {
    statement
        .targets()
        .forEach(
            target ->
                check.attempt(
                    line, () -> new TargetRule(check.jdbc(), statement.action()).check(target)));
    if (statement.locks()) {
      check.warn(
          line,
          Concern.STRONG_LOCK,
          "%s keeps the application from %s until it is done. %s"
              .formatted(
                  statement.action().words(),
                  String.join(", ", statement.targets()),
                  statement.cure()));
    }
  }

  @Override
  public boolean hasOwnSessions() {
    return true;
  }

  @Override
  public Step step(JobRepository repository, UpdateContext update) {
    return new OutsideStep(repository, update, statements);
  }

  /** Only strong locks are not waited for. */
  @Override
  public Timeouts timeouts(UpdateSettings update, Duration target) {
    var lock = update.lockTimeout() == null ? Ddl.LOCK_TIMEOUT : update.lockTimeout();
    var statement = update.statementTimeout() == null ? Duration.ZERO : update.statementTimeout();
    return new Timeouts(lock, statement, false, Duration.ZERO);
  }

  @Override
  public Optional<String> clear(Database database, boolean underWay, TimeSource time) {
    var parsed = statements.stream().flatMap(sql -> parsed(sql).stream()).toList();
    return new CancelledStatements(database, parsed, time).clear(underWay);
  }

  /** What is refused has not run. */
  private static Optional<OutsideStatement> parsed(Sql sql) {
    try {
      return Optional.of(OutsideStatement.of(sql.text(), Map.of()));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }
}
