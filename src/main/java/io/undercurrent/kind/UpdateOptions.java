package io.undercurrent.kind;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.window.TimeWindows;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a job file says about how an update runs, as opposed to what it does.
 *
 * @param ordering lower goes first among updates that may run
 * @param lockTimeout how long a statement waits for a lock; null for the engine's default
 * @param statementTimeout how long a statement runs; null for the engine's default
 * @param filtersRows whether the update wants to see only the rows that row level security shows
 *     its role; that it would leave rows out is an error otherwise
 * @param batch what it wants of its chunks
 * @param quarantine how many rows may be put aside on which it fails; null for none
 * @param allowed what a check does not warn of
 * @param every how long after its start it is queued again; null for never
 * @param lanes how many chunks of it are worked on at a time; null for one
 * @param windows when it may run
 */
public record UpdateOptions(
    int ordering,
    @Nullable Duration lockTimeout,
    @Nullable Duration statementTimeout,
    boolean filtersRows,
    BatchSettings batch,
    @Nullable QuarantineLimit quarantine,
    Set<Concern> allowed,
    @Nullable Duration every,
    @Nullable Integer lanes,
    TimeWindows windows) {

  /** Everything as the engine has it. */
  public static final UpdateOptions NONE =
      new UpdateOptions(
          0, null, null, false, BatchSettings.NONE, null, Set.of(), null, null, TimeWindows.ALWAYS);

  /** The same, but with that ordering. */
  public UpdateOptions ordered(int other) {
    return but(changed -> changed.ordering = other);
  }

  /** The same, but through the policies of row level security. */
  public UpdateOptions filteringRows() {
    return but(changed -> changed.filtersRows = true);
  }

  /** The same, but with those timeouts. */
  public UpdateOptions with(@Nullable Duration lock, @Nullable Duration statement) {
    return but(
        changed -> {
          changed.lockTimeout = lock;
          changed.statementTimeout = statement;
        });
  }

  /** The same, but with other chunks. */
  public UpdateOptions with(BatchSettings other) {
    return but(changed -> changed.batch = other);
  }

  /** The same, but with other concerns of which a check does not warn. */
  public UpdateOptions allowing(Set<Concern> other) {
    return but(changed -> changed.allowed = other);
  }

  /** The same, but with a quarantine. */
  public UpdateOptions with(QuarantineLimit limit) {
    return but(changed -> changed.quarantine = limit);
  }

  /** The same, but queued again after that time. */
  public UpdateOptions recurring(@Nullable Duration period) {
    return but(changed -> changed.every = period);
  }

  /** The same, but in that many lanes. */
  public UpdateOptions inLanes(int number) {
    return but(changed -> changed.lanes = number);
  }

  /** The same, but within those windows. */
  public UpdateOptions within(TimeWindows other) {
    return but(changed -> changed.windows = other);
  }

  private UpdateOptions but(Consumer<Fields> change) {
    var fields = new Fields(this);
    change.accept(fields);
    return fields.options();
  }

  /** The options, while one of them is changed. */
  private static final class Fields {

    private int ordering;
    private @Nullable Duration lockTimeout;
    private @Nullable Duration statementTimeout;
    private boolean filtersRows;
    private BatchSettings batch;
    private @Nullable QuarantineLimit quarantine;
    private Set<Concern> allowed;
    private @Nullable Duration every;
    private @Nullable Integer lanes;
    private TimeWindows windows;

    Fields(UpdateOptions of) {
      ordering = of.ordering;
      lockTimeout = of.lockTimeout;
      statementTimeout = of.statementTimeout;
      filtersRows = of.filtersRows;
      batch = of.batch;
      quarantine = of.quarantine;
      allowed = of.allowed;
      every = of.every;
      lanes = of.lanes;
      windows = of.windows;
    }

    UpdateOptions options() {
      return new UpdateOptions(
          ordering,
          lockTimeout,
          statementTimeout,
          filtersRows,
          batch,
          quarantine,
          allowed,
          every,
          lanes,
          windows);
    }
  }
}
