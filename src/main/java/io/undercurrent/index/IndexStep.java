package io.undercurrent.index;

import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.OneShotStep;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import java.time.Duration;
import org.springframework.batch.core.repository.JobRepository;

/**
 * The one-shot step of an update that builds an index. The build is outside of all transactions, so
 * it can be repeated: what is there is found, what is half there is dropped. Then a transaction
 * writes that it is done.
 */
final class IndexStep extends OneShotStep {

  private final CreateIndex work;

  IndexStep(JobRepository repository, UpdateContext update, CreateIndex work) {
    super(repository, update);
    this.work = work;
  }

  /** Of the transactions around the build, which are short. */
  @Override
  protected Timeouts timeouts(Duration target) {
    return Timeouts.ofChunk(update().settings(), Duration.ZERO);
  }

  @Override
  protected Attempt attempt() {
    return new Build();
  }

  @Override
  protected ChangedRows work() {
    return ChangedRows.UNKNOWN;
  }

  private final class Build extends OneShot {

    @Override
    protected void prepare() {
      stopIfWished();
      begin();
      new IndexBuild(update(), work, IndexStep.this::stopIfWished).run();
    }

    /** Disabling and pausing come too late for an index that is built; cancelling does not. */
    @Override
    protected boolean obeysWishes() {
      return false;
    }
  }
}
