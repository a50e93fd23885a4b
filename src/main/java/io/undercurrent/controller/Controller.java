package io.undercurrent.controller;

import static java.util.Objects.requireNonNull;

import io.undercurrent.controller.ChunkSize.Rule;
import io.undercurrent.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The callbacks that pace the updates of this process.
 *
 * @param onUpdate surrounds every iteration
 * @param defaultBatchSize the chunk size while no item was ever counted
 * @param minBatchSize the lower bound of computed chunk sizes
 * @param source where the callbacks come from, for messages: a module's class name or "the built-in
 *     controller"
 */
public record Controller(
    OnUpdate onUpdate, BatchSize defaultBatchSize, BatchSize minBatchSize, String source) {

  // Leaves room for callers to add to a size.
  private static final int MAX_COMPUTED_SIZE = 1 << 30;

  public Controller {
    requireNonNull(onUpdate, "onUpdate");
    requireNonNull(defaultBatchSize, "defaultBatchSize");
    requireNonNull(minBatchSize, "minBatchSize");
    requireNonNull(source, "source");
  }

  /** The controller that is there without a module, with its default settings. */
  public static Controller builtIn() {
    return BuiltInController.of(ControllerProperties.defaults(), TimeSource.SYSTEM);
  }

  /**
   * Says how many items the next chunk has: {@code default_batch_size} while no item was ever
   * counted, else what the target duration allows at the pace so far, but at least {@code
   * min_batch_size}. The rule is the reference's.
   *
   * @param updateName the update that is about to iterate
   * @param databaseName the database it works on
   * @param performance how fast the update has been so far
   * @param target what {@link OnUpdate.Iteration#enter} returned
   * @param settings the update's own, which take precedence
   * @return the size and what decided about it
   * @throws IllegalStateException if a callback failed, gave a size below 1 or a target not above 0
   */
  public ChunkSize chunkSize(
      String updateName,
      String databaseName,
      Performance performance,
      Duration target,
      BatchSettings settings) {
    var size =
        chunkSize(updateName, databaseName, performance, target, settings.first(), settings.min());
    return settings.max() == null ? size : size.atMost(settings.max());
  }

  private ChunkSize chunkSize(
      String updateName,
      String databaseName,
      Performance performance,
      Duration target,
      @Nullable Integer first,
      @Nullable Integer min) {
    requireAboveZero(target, updateName, databaseName);
    var targetMs = Performance.ms(target);
    var itemsPerMs = performance.averageItemsPerMs();
    if (itemsPerMs == null) {
      var size = first == null ? first(updateName, databaseName) : first.intValue();
      return new ChunkSize(size, Rule.DEFAULT, targetMs, 0);
    }
    var affordable = (int) Math.min(MAX_COMPUTED_SIZE, targetMs * itemsPerMs);
    var least = min == null ? least(updateName, databaseName) : min.intValue();
    return affordable < least
        ? new ChunkSize(least, Rule.MINIMUM, targetMs, itemsPerMs)
        : new ChunkSize(affordable, Rule.PACE, targetMs, itemsPerMs);
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
