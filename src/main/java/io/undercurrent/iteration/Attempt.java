package io.undercurrent.iteration;

import io.undercurrent.controller.ChunkSize;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;

/**
 * One try of an iteration. What it reads, counts and measures is its own; the step takes it over
 * once the transaction is committed, and a try that was rolled back is thrown away.
 */
public abstract class Attempt {

  private static final Counts NOTHING = new Counts(0, 0, 0, ChangedRows.NONE);

  private @Nullable Start start;
  private Counts counts = NOTHING;
  private boolean begun;

  /** Does what no transaction can hold, before the transaction; nothing for most. */
  protected void prepare() {}

  /** Says that there is something now that a stop would roll back or cancel. */
  protected final void begin() {
    begun = true;
  }

  /** Whether a wish still stops it at the beginning of its transaction. */
  protected boolean obeysWishes() {
    return true;
  }

  /** Does the work inside the transaction, and counts it in the execution. */
  protected abstract Counts work(StepExecution execution, int size);

  /** Makes its position the step's: its transaction is committed. */
  protected void committed() {}

  /** Whether it may walk over more keys than it writes, so that both have to be bounded. */
  protected boolean boundsWrites() {
    return false;
  }

  /** How many items it has walked over, or was allowed to if it did not get so far. */
  protected int walked() {
    return items();
  }

  /** How many of those were too much at once: those that match, if more than one does. */
  protected int tried() {
    return walked();
  }

  /** Whether it ended before it had all that it was allowed, because time was up. */
  protected boolean wasCut() {
    return false;
  }

  /** How long it has processed and written rows, as opposed to walking over keys. */
  protected Duration writing() {
    return Duration.ZERO;
  }

  /**
   * The key of the one row that it had, if it had just one; called after a rollback, and may ask
   * the database.
   */
  protected Optional<List<String>> onlyRow() {
    return Optional.empty();
  }

  /** Where the work is, for messages; empty if that says nothing. */
  protected abstract String place();

  final void start(ChunkSize size, int mostWritten, Progress before, TimeSource time) {
    start = new Start(size, mostWritten, before, time, time.nanos());
  }

  /** How many items it is allowed, 0 before its start. */
  protected final int items() {
    return start == null ? 0 : start.size.items();
  }

  /** How many rows it may write at most, however many keys it may walk over. */
  protected final int mostWritten() {
    return start == null ? 0 : start.mostWritten;
  }

  /** How long it is to take. */
  protected final Duration target() {
    return start == null ? Duration.ZERO : Duration.ofNanos((long) (start.size.targetMs() * 1e6));
  }

  /** How many rows the run has in all, as far as that was estimated or is walked over. */
  protected final long expectedRows() {
    return start == null ? 0 : Math.max(start.before.rows(), start.before.expectedRows());
  }

  /** How long it has taken so far. */
  final Duration duration() {
    return start == null ? Duration.ZERO : start.time.since(start.at);
  }

  /** Does the work, and writes into the execution's context how far the step is with it. */
  final void execute(StepExecution execution) {
    begin();
    counts = work(execution, items());
    // The commit's own time is not known yet; the next iteration saves it.
    progress(duration()).writeTo(execution.getExecutionContext());
  }

  /** How far the step is with it, if it has taken so long. */
  final Progress progress(Duration duration) {
    return start == null ? Progress.NONE : start.before.with(counts, start.size, duration);
  }

  final Counts counts() {
    return counts;
  }

  /** Whether there has been something that a stop would have rolled back or cancelled. */
  protected final boolean begun() {
    return begun;
  }

  private record Start(
      ChunkSize size, int mostWritten, Progress before, TimeSource time, long at) {}
}
