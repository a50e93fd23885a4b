package io.undercurrent.iteration;

import java.util.Optional;
import org.springframework.batch.core.step.StepExecution;

/**
 * What an iteration's transaction asks of the runner; it is opened and saved inside it, on its
 * connection. Beginning the transaction makes sure that nobody else takes the database over before
 * it ends.
 */
public interface IterationGate {

  /**
   * Called first: sets the transaction's timeouts and looks for wishes.
   *
   * @return why to stop now, or nothing to go on
   */
  Optional<String> open(Timeouts timeouts);

  /**
   * Called last: writes the counts, the version and the context of the execution.
   *
   * @return why what was done has to be rolled back after all, or nothing to commit
   */
  Optional<String> save(StepExecution execution);

  /** Cancels the statement that the transaction executes, if it does; from any thread. */
  void cancel();
}
