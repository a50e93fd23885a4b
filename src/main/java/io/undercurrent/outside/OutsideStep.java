package io.undercurrent.outside;

import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Counts;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import io.undercurrent.iteration.UpdateStep;
import io.undercurrent.sql.Sql;
import java.time.Duration;
import java.util.List;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The step of an update whose statements no transaction can hold. Each is an iteration: it runs
 * before the transaction, which then notes that it is done.
 */
final class OutsideStep extends UpdateStep {

  private static final String DONE = "undercurrent.doneStatements";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final List<String> statements;
  private int next;

  OutsideStep(JobRepository repository, UpdateContext update, List<Sql> statements) {
    super(repository, update, true);
    this.statements = statements.stream().map(Sql::text).toList();
  }

  /** What is done, as it was written: a file may have been edited since. */
  private static List<String> done(ExecutionContext context) {
    return context.get(DONE) instanceof String json
        ? JSON.readValue(json, new TypeReference<List<String>>() {})
        : List.of();
  }

  private int next(ExecutionContext context) {
    var done = done(context);
    var next = 0;
    while (next < Math.min(done.size(), statements.size())
        && done.get(next).equals(statements.get(next))) {
      next++;
    }
    return next;
  }

  @Override
  protected boolean done(StepExecution execution) {
    next = next(execution.getExecutionContext());
    return next == statements.size();
  }

  /** Of the transactions around the statements, which are short. */
  @Override
  protected Timeouts timeouts(Duration target) {
    return Timeouts.ofChunk(update().settings(), Duration.ZERO);
  }

  @Override
  protected Attempt attempt() {
    return new OneStatement(next);
  }

  private final class OneStatement extends Attempt {

    private final int number;

    OneStatement(int number) {
      this.number = number;
    }

    @Override
    protected void prepare() {
      stopIfWished();
      begin();
      var statement = OutsideStatement.of(statements.get(number), update().values());
      new StatementRun(update(), statement).run();
    }

    /** What is done is noted. */
    @Override
    protected boolean obeysWishes() {
      return false;
    }

    @Override
    protected Counts work(StepExecution execution, int size) {
      var done = JSON.writeValueAsString(statements.subList(0, number + 1));
      execution.getExecutionContext().putString(DONE, done);
      return new Counts(1, 0, 0, ChangedRows.UNKNOWN);
    }

    @Override
    protected String place() {
      return statements.size() == 1
          ? ""
          : "in statement %d of %d".formatted(number + 1, statements.size());
    }
  }
}
