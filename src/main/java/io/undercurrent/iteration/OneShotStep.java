package io.undercurrent.iteration;

import java.time.Duration;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/** A step that is done after one iteration, and says so in the iteration's transaction. */
public abstract class OneShotStep extends UpdateStep {

  private static final String DONE = "undercurrent.done";

  protected OneShotStep(JobRepository repository, UpdateContext update) {
    super(repository, update, true);
  }

  @Override
  protected boolean done(StepExecution execution) {
    return execution.getExecutionContext().containsKey(DONE);
  }

  @Override
  protected Timeouts timeouts(Duration target) {
    return Timeouts.ofOneShot(update().settings());
  }

  @Override
  protected Attempt attempt() {
    return new OneShot();
  }

  /** Does what belongs into the transaction that notes the end; returns the rows it changed. */
  protected abstract ChangedRows work();

  /** A try of the one iteration. */
  public class OneShot extends Attempt {

    protected OneShot() {}

    @Override
    protected Counts work(StepExecution execution, int size) {
      var changed = OneShotStep.this.work();
      var total = changed.total();
      if (total != null) {
        execution.setWriteCount(execution.getWriteCount() + total);
      }
      execution.getExecutionContext().put(DONE, true);
      return new Counts(1, 0, 0, changed);
    }

    @Override
    protected String place() {
      return "";
    }
  }
}
