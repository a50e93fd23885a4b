package io.undercurrent.controller;

import org.jspecify.annotations.Nullable;

/** What a module can do while it starts. */
public interface ModuleApi {

  /**
   * Has the module pace the background updates of this process. Only the first call of all modules
   * counts; later ones are ignored with a warning.
   *
   * @param onUpdate surrounds every iteration
   * @param defaultBatchSize the chunk size while no item was ever counted, or null for {@code
   *     undercurrent.background-updates.default-batch-size}
   * @param minBatchSize the lower bound of computed chunk sizes, or null for {@code
   *     undercurrent.background-updates.min-batch-size}
   * @throws IllegalArgumentException if there is no {@code onUpdate}
   * @throws IllegalStateException if the module has been started already
   */
  void registerBackgroundUpdateControllerCallbacks(
      OnUpdate onUpdate, @Nullable BatchSize defaultBatchSize, @Nullable BatchSize minBatchSize);

  /** Has the module pace the background updates of this process, with the configured sizes. */
  default void registerBackgroundUpdateControllerCallbacks(OnUpdate onUpdate) {
    registerBackgroundUpdateControllerCallbacks(onUpdate, null, null);
  }
}
