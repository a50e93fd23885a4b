package io.undercurrent.rows;

import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.Counts;
import org.springframework.batch.core.step.StepExecution;

/** One try of a part of what surrounds the chunks. */
final class FrameAttempt extends Attempt {

  private final Runnable wishes;
  private final Runnable part;
  private final String done;

  /**
   * A try.
   *
   * @param wishes stops it before it begins, if that is wished
   * @param part what to do, before the transaction
   * @param done the key in the execution's context that says that it is done
   */
  FrameAttempt(Runnable wishes, Runnable part, String done) {
    this.wishes = wishes;
    this.part = part;
    this.done = done;
  }

  @Override
  protected void prepare() {
    wishes.run();
    begin();
    part.run();
  }

  /** What is done already is noted. */
  @Override
  protected boolean obeysWishes() {
    return false;
  }

  @Override
  protected Counts work(StepExecution execution, int size) {
    execution.getExecutionContext().put(done, true);
    return new Counts(0, 0, 0, ChangedRows.NONE);
  }

  @Override
  protected int walked() {
    return 1;
  }

  @Override
  protected String place() {
    return "";
  }
}
