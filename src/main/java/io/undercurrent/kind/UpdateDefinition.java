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
 * @param options how it runs
 * @param work what there is to do
 * @param line where the update stands in its file
 */
public record UpdateDefinition(
    String name, @Nullable String dependsOn, UpdateOptions options, Work work, int line)
    implements UpdateSettings {

  /** An update with an ordering and timeouts, else as the engine has it. */
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
        UpdateOptions.NONE.ordered(ordering).with(lockTimeout, statementTimeout),
        work,
        line);
  }

  /** The same, but run in another way. */
  public UpdateDefinition with(UpdateOptions other) {
    return new UpdateDefinition(name, dependsOn, other, work, line);
  }

  /** The same, but with other chunks. */
  public UpdateDefinition with(BatchSettings other) {
    return with(options.with(other));
  }

  /** The same, but with a quarantine. */
  public UpdateDefinition with(QuarantineLimit limit) {
    return with(options.with(limit));
  }

  public int ordering() {
    return options.ordering();
  }

  /** How many chunks of it are worked on at a time, by its job file. */
  public int lanes() {
    return options.lanes() == null ? 1 : options.lanes();
  }

  @Override
  public @Nullable Duration lockTimeout() {
    return options.lockTimeout();
  }

  @Override
  public @Nullable Duration statementTimeout() {
    return options.statementTimeout();
  }

  @Override
  public boolean filtersRows() {
    return options.filtersRows();
  }

  @Override
  public BatchSettings batch() {
    return options.batch();
  }

  @Override
  public @Nullable QuarantineLimit quarantine() {
    return options.quarantine();
  }
}
