package io.undercurrent.index;

import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.IterationGate;
import io.undercurrent.iteration.OneShotStep;
import io.undercurrent.iteration.StopAtBoundaryException;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import java.time.Duration;
import java.util.Optional;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * The one-shot step of an update that builds an index. The build is outside of all transactions, so
 * it can be repeated: what is there is found, what is half there is dropped. Then a transaction
 * writes that it is done.
 */
final class IndexStep extends OneShotStep {

  private final CreateIndex work;

  IndexStep(JobRepository repository, UpdateContext update, CreateIndex work) {
    super(repository, update, new LateGate(update.gate()));
    this.work = work;
  }

  /** Of the transactions around the build, which are short. */
  @Override
  protected Timeouts timeouts(Duration target) {
    return Timeouts.ofChunk(update().settings(), Duration.ZERO);
  }

  @Override
  protected void beforeTransaction() {
    update().transactions().executeWithoutResult(status -> stopIfWished());
    begins();
    new IndexBuild(update(), work).run();
  }

  private void stopIfWished() {
    update()
        .gate()
        .open(timeouts(Duration.ZERO))
        .ifPresent(
            reason -> {
              throw new StopAtBoundaryException(reason);
            });
  }

  @Override
  protected ChangedRows work() {
    return ChangedRows.UNKNOWN;
  }

  /** Disabling and pausing come too late for an index that is built; cancelling does not. */
  private record LateGate(IterationGate gate) implements IterationGate {

    @Override
    public Optional<String> open(Timeouts timeouts) {
      gate.open(timeouts);
      return Optional.empty();
    }

    @Override
    public Optional<String> save(StepExecution execution) {
      return gate.save(execution);
    }

    @Override
    public void cancel() {
      gate.cancel();
    }
  }
}
