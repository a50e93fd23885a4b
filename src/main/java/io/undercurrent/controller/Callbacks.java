package io.undercurrent.controller;

import static java.util.Objects.requireNonNullElse;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The callbacks that modules register; the first ones count. */
final class Callbacks {

  private static final Logger log = LoggerFactory.getLogger(Callbacks.class);

  private final Controller builtIn;
  private @Nullable Controller registered;
  private boolean closed;

  Callbacks(Controller builtIn) {
    this.builtIn = builtIn;
  }

  /** The API as one module sees it. */
  ModuleApi api(String module) {
    return (onUpdate, defaultBatchSize, minBatchSize) ->
        register(module, onUpdate, defaultBatchSize, minBatchSize);
  }

  /** Ends the registration and says which callbacks count. */
  synchronized Controller close() {
    closed = true;
    return requireNonNullElse(registered, builtIn);
  }

  private synchronized void register(
      String module,
      @Nullable OnUpdate onUpdate,
      @Nullable BatchSize defaultBatchSize,
      @Nullable BatchSize minBatchSize) {
    if (closed) {
      throw new IllegalStateException(
          module + ": callbacks must be registered before the module's start method returns");
    }
    if (onUpdate == null) {
      throw new IllegalArgumentException(
          "expected on_update among the callbacks, got null; batch sizes alone are not enough");
    }
    if (registered != null) {
      log.warn(
          "Module {}: its controller callbacks are ignored, those of {} came first",
          module,
          registered.source());
      return;
    }
    registered =
        new Controller(
            onUpdate,
            requireNonNullElse(defaultBatchSize, builtIn.defaultBatchSize()),
            requireNonNullElse(minBatchSize, builtIn.minBatchSize()),
            module);
    log.info("Module {} paces the background updates", module);
  }
}
