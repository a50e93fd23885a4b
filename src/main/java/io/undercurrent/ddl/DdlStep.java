package io.undercurrent.ddl;

import io.undercurrent.iteration.Attempt;
import io.undercurrent.iteration.ChangedRows;
import io.undercurrent.iteration.OneShotStep;
import io.undercurrent.iteration.Timeouts;
import io.undercurrent.iteration.UpdateContext;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.batch.core.repository.JobRepository;

/**
 * The one-shot step of an update whose change no transaction can hold: it is done before the
 * transaction that notes its end, and can be done again.
 */
public final class DdlStep extends OneShotStep {

  private final Consumer<Runnable> change;

  /**
   * A step.
   *
   * @param change finds what an earlier try has done, and does the rest; what it is given stops it
   *     if somebody wishes so, and is called between its parts
   */
  public DdlStep(JobRepository repository, UpdateContext update, Consumer<Runnable> change) {
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
      change.accept(DdlStep.this::stopIfWished);
    }

    /** Disabling and pausing come too late for what is done; it is noted. Cancelling does not. */
    @Override
    protected boolean obeysWishes() {
      return false;
    }
  }
}
