package io.undercurrent.kind;

import io.undercurrent.controller.BatchSettings;
import io.undercurrent.failure.QuarantineLimit;
import io.undercurrent.iteration.UpdateSettings;
import java.time.Duration;
import java.util.Optional;
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

  private static final int LONGEST_NAME_OF_SLICES = 90;

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

  /** Why it is worked on in one lane and no more, as a clause; empty if it can be cut. */
  public Optional<String> undivided() {
    return undivided(name, work);
  }

  /**
   * The same for work that an update of a name is to do.
   *
   * <p>A slice's step is called after the update, and Spring Batch gives a step's name 100
   * characters.
   */
  public static Optional<String> undivided(String name, Work work) {
    return name.length() > LONGEST_NAME_OF_SLICES
        ? Optional.of(
            "its slices are called after it, which a name of more than %d characters leaves no room for"
                .formatted(LONGEST_NAME_OF_SLICES))
        : work.undivided();
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
