package io.undercurrent.controller;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.pace.Pace;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks that pace the updates of this process.
 *
 * @param onUpdate surrounds every iteration
 * @param defaultBatchSize the chunk size while no item was ever counted
 * @param minBatchSize the lower bound of computed chunk sizes
 * @param source where the callbacks come from, for messages: a module's class name or "the built-in
 *     controller"
 * @param pace what computed chunk sizes follow
 */
public record Controller(
    OnUpdate onUpdate,
    BatchSize defaultBatchSize,
    BatchSize minBatchSize,
    String source,
    PaceRule pace) {

  // Leaves room for callers to add to a size.
  private static final int MAX_COMPUTED_SIZE = 1 << 30;

  public Controller {
    requireNonNull(onUpdate, "onUpdate");
    requireNonNull(defaultBatchSize, "defaultBatchSize");
    requireNonNull(minBatchSize, "minBatchSize");
    requireNonNull(source, "source");
    requireNonNull(pace, "pace");
  }

  public Controller(
      OnUpdate onUpdate, BatchSize defaultBatchSize, BatchSize minBatchSize, String source) {
    this(onUpdate, defaultBatchSize, minBatchSize, source, PaceRule.ADAPTIVE);
  }

  /** The controller that is there without a module, with its default settings. */
  public static Controller builtIn() {
    return BuiltInController.of(ControllerProperties.defaults(), TimeSource.SYSTEM);
  }

  /**
   * Waits for what paces the next iteration; see {@link OnUpdate.Iteration#enter}.
   *
   * @param asked what {@link #onUpdate} returned for it
   * @param sleep what an operator has set, which may change meanwhile; null if nothing is set: the
   *     built-in controller sleeps as long instead of what is configured, a module is entered after
   *     it
   * @return the target duration
   */
  public Duration enter(
      OnUpdate.Iteration asked, Supplier<@Nullable Duration> sleep, TimeSource time)
      throws InterruptedException {
    if (onUpdate instanceof BuiltInController builtIn) {
      return builtIn.enter(sleep);
    }
    new Rest(time).take(() -> requireNonNullElse(sleep.get(), Duration.ZERO));
    return asked.enter();
  }

  /** How long the built-in controller wants an iteration to take; null with a module. */
  public @Nullable Duration builtInTarget() {
    return onUpdate instanceof BuiltInController builtIn ? builtIn.target() : null;
  }

  /** How long the built-in controller sleeps before an iteration; null with a module. */
  public @Nullable Duration builtInSleep() {
    return onUpdate instanceof BuiltInController builtIn ? builtIn.sleep() : null;
  }

  /**
   * Says how many items the next chunk has: {@code default_batch_size} while no item was ever
   * counted, else what the target duration allows at the pace so far, but at least {@code
   * min_batch_size}. The pace is that of the latest chunks, or by the reference's rule the quotient
   * of two averages.
   *
   * @param updateName the update that is about to iterate
   * @param databaseName the database it works on
   * @param performance how fast the update has been so far
   * @param latest what its latest chunks have cost
   * @param target what {@link OnUpdate.Iteration#enter} returned
   * @param settings the update's own, which take precedence
   * @return the size and what decided about it
   * @throws IllegalStateException if a callback failed, gave a size below 1 or a target not above 0
   */
  public ChunkSize chunkSize(
      String updateName,
      String databaseName,
      Performance performance,
      Pace latest,
      Duration target,
      BatchSettings settings) {
    requireAboveZero(target, updateName, databaseName);
    var affordable = affordable(performance, latest, Performance.ms(target));
    if (affordable == null) {
      var first = settings.first();
      var size = first == null ? first(updateName, databaseName) : first.intValue();
      return atMost(settings, new ChunkSize(size, Rule.DEFAULT, Performance.ms(target), 0));
    }
    var min = settings.min();
    var least = min == null ? least(updateName, databaseName) : min.intValue();
    return atMost(settings, affordable.items() < least ? affordable.atLeast(least) : affordable);
  }

  private static ChunkSize atMost(BatchSettings settings, ChunkSize size) {
    return settings.max() == null ? size : size.atMost(settings.max(), Rule.MAXIMUM);
  }

  /** What fits into the target; null while nothing was counted. */
  private @Nullable ChunkSize affordable(Performance performance, Pace latest, double targetMs) {
    if (pace == PaceRule.ADAPTIVE && !latest.isUnknown()) {
      var itemsPerMs = latest.itemsPerMs(targetMs);
      var fits = affordable(targetMs * itemsPerMs, Rule.PACE, targetMs, itemsPerMs);
      return latest.isSlow(targetMs)
          ? new ChunkSize(fits.items(), Rule.SLOW, targetMs, itemsPerMs)
          : fits.atMost((int) Math.min(MAX_COMPUTED_SIZE, latest.grown()), Rule.GROWTH);
    }
    var itemsPerMs = performance.averageItemsPerMs();
    return itemsPerMs == null
        ? null
        : affordable(targetMs * itemsPerMs, Rule.AVERAGE, targetMs, itemsPerMs);
  }

  private static ChunkSize affordable(double items, Rule rule, double targetMs, double perMs) {
    return new ChunkSize((int) Math.min(MAX_COMPUTED_SIZE, items), rule, targetMs, perMs);
  }

  /** What {@code default_batch_size} says. */
  public int first(String updateName, String databaseName) {
    return ask("default_batch_size", defaultBatchSize, updateName, databaseName);
  }

  /** What {@code min_batch_size} says. */
  public int least(String updateName, String databaseName) {
    return ask("min_batch_size", minBatchSize, updateName, databaseName);
  }

  private int ask(String callback, BatchSize batchSize, String updateName, String databaseName) {
    var size = size(callback, batchSize, updateName, databaseName);
    if (size < 1) {
      throw new IllegalStateException(
          "%s: %s for update '%s' on '%s' must be at least 1, got %d"
              .formatted(source, callback, updateName, databaseName, size));
    }
    return size;
  }

  private int size(String callback, BatchSize batchSize, String updateName, String databaseName) {
    try {
      return batchSize.batchSize(updateName, databaseName);
    } catch (RuntimeException | LinkageError e) {
      throw failed(callback, updateName, databaseName, e);
    }
  }

  /** Says whose callback has failed. */
  public IllegalStateException failed(
      String callback, String updateName, String databaseName, Throwable failure) {
    // An error's message leaves out its name, which matters: NoClassDefFoundError.
    var words =
        failure instanceof Error || failure.getMessage() == null
            ? failure.toString()
            : failure.getMessage();
    return new IllegalStateException(
        "%s: %s failed for update '%s' on '%s': %s"
            .formatted(source, callback, updateName, databaseName, words),
        failure);
  }

  private void requireAboveZero(Duration target, String updateName, String databaseName) {
    if (target.isZero() || target.isNegative()) {
      throw new IllegalStateException(
          "%s: the target duration for update '%s' on '%s' must be above 0, got %d ms"
              .formatted(source, updateName, databaseName, (long) Performance.ms(target)));
    }
  }
}
