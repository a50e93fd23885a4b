package io.undercurrent.run;

import io.undercurrent.database.RefusedException;
import io.undercurrent.database.SqlFailure;
import io.undercurrent.failure.HopelessException;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.OneShotStep;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.sql.BoundSql;
import io.undercurrent.sql.CountedSql;
import io.undercurrent.sql.CountedSql.Effect;
import io.undercurrent.sql.SqlTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The one-shot step of an update: all statements in one transaction, which also writes that they
 * are done.
 */
final class RunStep extends OneShotStep {

  /** What begins or ends a transaction, or runs in none. */
  private static final Set<String> NO_PART_OF_ONE =
      Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE", "VACUUM");

  /** What may follow SET: it ends with the transaction. */
  private static final Set<String> LOCAL = Set.of("LOCAL", "CONSTRAINTS", "TRANSACTION");

  private static final String ELSEWHERE =
      "'outside-transaction:' runs such statements, each by itself";

  private static final String CANCELED = "57014";

  private final RunStatements work;
  private List<Statement> statements = List.of();

  RunStep(JobRepository repository, UpdateContext update, RunStatements work) {
    super(repository, update);
    this.work = work;
  }

  @Override
  protected void open(ExecutionContext context) throws Exception {
    super.open(context);
    statements =
        work.statements().stream().map(sql -> Statement.of(sql.text(), update().values())).toList();
  }

  /**
   * A statement as it will run.
   *
   * @throws RefusedException if it would begin or end a transaction, cannot run in one, or is to
   *     outlive it
   */
  static BoundSql statement(String sql, Map<String, Object> values) {
    var template = SqlTemplate.parse(sql, values);
    if (NO_PART_OF_ONE.contains(template.keyword())) {
      throw new RefusedException(
          "expected no '%s': the statements of 'run:' run in one transaction, which also records that they are done%s"
              .formatted(
                  template.keyword(), template.keyword().equals("VACUUM") ? ". " + ELSEWHERE : ""));
    }
    if (template.contains("CONCURRENTLY") && !template.keyword().equals("REFRESH")) {
      throw new RefusedException(
          "expected no CONCURRENTLY: the statements of 'run:' run in one transaction. %s"
              .formatted(
                  template.keyword().equals("CREATE")
                      ? "Build an index with 'create-index:', which does it concurrently"
                      : ELSEWHERE));
    }
    if (template.keyword().equals("SET") && !LOCAL.contains(template.secondKeyword())) {
      throw new RefusedException(
          "expected SET LOCAL, found 'SET %s': the session ends with the update"
              .formatted(template.secondKeyword()));
    }
    return BoundSql.of(template, values);
  }

  @Override
  protected ChangedRows work() {
    var counts = new ArrayList<@Nullable Long>();
    for (var statement : statements) {
      var changed = execute(statement);
      if (statement.sql().effect() != Effect.NONE) {
        counts.add(changed);
      }
    }
    return counts.isEmpty() ? ChangedRows.UNKNOWN : new ChangedRows(counts);
  }

  private @Nullable Long execute(Statement statement) {
    var limit = timeouts(Duration.ZERO).statement();
    var begin = update().time().nanos();
    try {
      return statement.execute(update().jdbc());
    } catch (DataAccessException e) {
      var timedOut =
          CANCELED.equals(SqlFailure.of(e).sqlState())
              && update().time().since(begin).compareTo(limit) >= 0;
      throw timedOut ? tooLong(statements.indexOf(statement) + 1, limit, e) : e;
    }
  }

  /** Tried again at once, it would hold its locks as long once more, for nothing. */
  private HopelessException tooLong(int number, Duration limit, DataAccessException cause) {
    var isDefault = update().settings().statementTimeout() == null;
    return new HopelessException(
        "%s, %s, ended statement %d of %d, and all was rolled back. Give it longer, for example with 'statement-timeout: %s', or change the rows in chunks, with 'update:', 'delete:' or 'read:' and 'write:'; then: retry"
            .formatted(
                isDefault ? "The statement timeout of 'run:'" : "Its 'statement-timeout'",
                words(limit),
                number,
                statements.size(),
                isDefault
                    ? "1h"
                    : words(limit.multipliedBy(10)).replace(" ", "").replace("min", "m")),
        cause);
  }

  private static String words(Duration limit) {
    if (limit.toMillis() % 60_000 == 0) {
      return limit.toMinutes() + " min";
    }
    return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
  }

  @Override
  protected Timeouts timeouts(Duration target) {
    return work.timeouts(update().settings(), target);
  }

  private record Statement(boolean planned, CountedSql sql) {

    static Statement of(String sql, Map<String, Object> values) {
      return new Statement(
          SqlTemplate.parse(sql, values).isPlanned(),
          new CountedSql(statement(sql, values), CountedSql.effect(sql, values)));
    }

    /**
     * Planned first, a statement has waited for others that move rows to another partition or
     * inheritance child: one that waits itself would look for them where they were before.
     */
    @Nullable Long execute(JdbcTemplate jdbc) {
      if (planned) {
        sql.sql().explain(jdbc);
      }
      return sql.execute(jdbc);
    }
  }
}
