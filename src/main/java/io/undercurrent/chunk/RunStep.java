package io.undercurrent.chunk;

import io.undercurrent.job.Work.Run;
import java.time.Duration;
import java.util.List;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * The one-shot step of an update: all statements in one transaction, which also writes that they
 * are done.
 */
final class RunStep extends UpdateStep {

  private static final String DONE = "undercurrent.done";

  private final Run work;
  private List<BoundSql> statements = List.of();

  RunStep(JobRepository repository, UpdateContext update, Run work) {
    super(repository, update, true);
    this.work = work;
  }

  @Override
  protected void open(ExecutionContext context) throws Exception {
    super.open(context);
    statements =
        work.statements().stream().map(sql -> BoundSql.of(sql.text(), update().values())).toList();
  }

  @Override
  boolean done(StepExecution execution) {
    return execution.getExecutionContext().containsKey(DONE);
  }

  @Override
  Timeouts timeouts(Duration target) {
    return Timeouts.ofOneShot(update().definition());
  }

  @Override
  Counts work(StepExecution execution, int size) {
    statements.forEach(statement -> statement.execute(update().jdbc()));
    execution.getExecutionContext().put(DONE, true);
    return new Counts(1, 1);
  }

  @Override
  String place() {
    return "";
  }
}
