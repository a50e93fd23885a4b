package io.undercurrent.controller;

import static java.util.Objects.requireNonNull;

/**
 * The callbacks that pace the updates of this process.
 *
 * @param onUpdate surrounds every iteration
 * @param defaultBatchSize the chunk size while no item was ever counted
 * @param minBatchSize the lower bound of computed chunk sizes
 * @param source who brought the callbacks, for messages: a module's class name or "the built-in
 *     controller"
 */
public record Controller(
    OnUpdate onUpdate, BatchSize defaultBatchSize, BatchSize minBatchSize, String source) {

  public Controller {
    requireNonNull(onUpdate, "onUpdate");
    requireNonNull(defaultBatchSize, "defaultBatchSize");
    requireNonNull(minBatchSize, "minBatchSize");
    requireNonNull(source, "source");
  }
}
