package io.undercurrent.kind;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.iteration.UpdateSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a job file says about one update.
 *
 * @param name the update's name, at most 100 characters
 * @param dependsOn the update that has to leave the queue first: the one before in the file, unless
 *     the file says otherwise
 * @param ordering lower goes first among updates that may run
 * @param lockTimeout how long a statement waits for a lock; null for the engine's default
 * @param statementTimeout how long a statement runs; null for the engine's default
 * @param filtersRows whether the update wants to see only the rows that row level security shows
 *     its role; that it would leave rows out is an error otherwise
 * @param batch what it wants of its chunks
 * @param quarantine how many rows may be put aside on which it fails; null for none
 * @param work what there is to do
 * @param line where the update stands in its file
 */
public record UpdateDefinition(
    String name,
    @Nullable String dependsOn,
    int ordering,
    @Nullable Duration lockTimeout,
    @Nullable Duration statementTimeout,
    boolean filtersRows,
    BatchSettings batch,
    @Nullable QuarantineLimit quarantine,
    Work work,
    int line)
    implements UpdateSettings {

  /** An update that is to see all rows. */
  public UpdateDefinition(
      String name,
      @Nullable String dependsOn,
      int ordering,
      @Nullable Duration lockTimeout,
      @Nullable Duration statementTimeout,
      Work work,
      int line) {
    this(
        name,
        dependsOn,
        ordering,
        lockTimeout,
        statementTimeout,
        false,
        BatchSettings.NONE,
        null,
        work,
        line);
  }

  /** The same, but with other chunks. */
  public UpdateDefinition with(BatchSettings other) {
    return new UpdateDefinition(
        name,
        dependsOn,
        ordering,
        lockTimeout,
        statementTimeout,
        filtersRows,
        other,
        quarantine,
        work,
        line);
  }

  /** The same, but with a quarantine. */
  public UpdateDefinition with(QuarantineLimit limit) {
    return new UpdateDefinition(
        name,
        dependsOn,
        ordering,
        lockTimeout,
        statementTimeout,
        filtersRows,
        batch,
        limit,
        work,
        line);
  }
}
