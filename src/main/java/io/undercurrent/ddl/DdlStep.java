package io.undercurrent.ddl;

import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.OneShotStep;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import java.time.Duration;
import org.springframework.batch.core.repository.JobRepository;

/**
 * The one-shot step of an update whose change no transaction can hold: it is done before the
 * transaction that notes its end, and can be done again.
 */
public final class DdlStep extends OneShotStep {

  private final Runnable change;

  /**
   * A step.
   *
   * @param change finds what an earlier try has done, and does the rest
   */
  public DdlStep(JobRepository repository, UpdateContext update, Runnable change) {
    super(repository, update);
    this.change = change;
  }

  /** Of the transactions around the change, which are short. */
  @Override
  protected Timeouts timeouts(Duration target) {
    return Timeouts.ofChunk(update().settings(), Duration.ZERO);
  }

  @Override
  protected Attempt attempt() {
    return new Change();
  }

  @Override
  protected ChangedRows work() {
    return ChangedRows.UNKNOWN;
  }

  private final class Change extends OneShot {

    @Override
    protected void prepare() {
      stopIfWished();
      begin();
      change.run();
    }

    /** What is done already is noted. */
    @Override
    protected boolean obeysWishes() {
      return false;
    }
  }
}
