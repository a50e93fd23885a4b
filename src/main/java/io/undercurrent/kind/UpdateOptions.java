package io.undercurrent.kind;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.failure.QuarantineLimit;
import java.time.Duration;
import java.util.Set;
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
    @Nullable Integer lanes) {

  /** Everything as the engine has it. */
  public static final UpdateOptions NONE =
      new UpdateOptions(0, null, null, false, BatchSettings.NONE, null, Set.of(), null, null);

  /** The same, but with that ordering. */
  public UpdateOptions ordered(int other) {
    return new UpdateOptions(
        other,
        lockTimeout,
        statementTimeout,
        filtersRows,
        batch,
        quarantine,
        allowed,
        every,
        lanes);
  }

  /** The same, but through the policies of row level security. */
  public UpdateOptions filteringRows() {
    return new UpdateOptions(
        ordering, lockTimeout, statementTimeout, true, batch, quarantine, allowed, every, lanes);
  }

  /** The same, but with those timeouts. */
  public UpdateOptions with(@Nullable Duration lock, @Nullable Duration statement) {
    return new UpdateOptions(
        ordering, lock, statement, filtersRows, batch, quarantine, allowed, every, lanes);
  }

  /** The same, but with other chunks. */
  public UpdateOptions with(BatchSettings other) {
    return new UpdateOptions(
        ordering,
        lockTimeout,
        statementTimeout,
        filtersRows,
        other,
        quarantine,
        allowed,
        every,
        lanes);
  }

  /** The same, but with other concerns of which a check does not warn. */
  public UpdateOptions allowing(Set<Concern> other) {
    return new UpdateOptions(
        ordering,
        lockTimeout,
        statementTimeout,
        filtersRows,
        batch,
        quarantine,
        other,
        every,
        lanes);
  }

  /** The same, but with a quarantine. */
  public UpdateOptions with(QuarantineLimit limit) {
    return new UpdateOptions(
        ordering, lockTimeout, statementTimeout, filtersRows, batch, limit, allowed, every, lanes);
  }

  /** The same, but queued again after that time. */
  public UpdateOptions recurring(@Nullable Duration period) {
    return new UpdateOptions(
        ordering,
        lockTimeout,
        statementTimeout,
        filtersRows,
        batch,
        quarantine,
        allowed,
        period,
        lanes);
  }

  /** The same, but in that many lanes. */
  public UpdateOptions inLanes(int number) {
    return new UpdateOptions(
        ordering,
        lockTimeout,
        statementTimeout,
        filtersRows,
        batch,
        quarantine,
        allowed,
        every,
        number);
  }
}
