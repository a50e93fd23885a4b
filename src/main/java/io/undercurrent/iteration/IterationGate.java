package io.undercurrent.iteration;

import io.undercurrent.failure.Setbacks;
import java.util.Optional;
import org.springframework.batch.core.step.StepExecution;

/**
 * The runner's part in an iteration's transaction. Beginning the transaction makes sure that nobody
 * else takes the database over before it ends; the rest happens inside it, on its connection.
 *
 * @param opening comes first
 * @param checkpoint says how it ends
 * @param setbacks deals with tries that fail, outside of the transaction
 * @param cancel cancels the statement that the transaction executes, if it does; from any thread
 */
public record IterationGate(
    Opening opening, Checkpoint checkpoint, Setbacks setbacks, Runnable cancel) {

  /** Sets what the transaction's statements have to respect. */
  public interface Opening {

    void limit(Timeouts timeouts);

    /**
     * The same, and looks for wishes at the same time.
     *
     * @return why to stop now, or nothing to go on
     */
    Optional<String> limitUnlessWished(Timeouts timeouts);

    /**
     * The statement that does it as the transaction begins.
     *
     * @param obeysWishes whether it looks for wishes
     */
    BracketedTransaction.Opening statement(Timeouts timeouts, boolean obeysWishes);
  }

  /** Keeps how far the execution is. */
  @FunctionalInterface
  public interface Checkpoint {

    /**
     * The statement that writes the counts, the version and the context of the execution, whose
     * version in memory is the next one from now on. What it refuses is to be rolled back after
     * all: it was cancelled, or is not this process's any more.
     */
    BracketedTransaction.Ending save(StepExecution execution);
  }
}
