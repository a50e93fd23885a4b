package io.undercurrent.controller;

import static java.util.Objects.requireNonNullElse;

import io.undercurrent.bean.Row;
import io.undercurrent.controller.ModuleBeans.ModuleBean;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemWriter;

/** What modules register: of the callbacks the first ones count, and each bean has its own name. */
final class Registrations {

  private static final Logger log = LoggerFactory.getLogger(Registrations.class);

  private final Controller builtIn;
  private final Map<String, ModuleBean> beans = new HashMap<>();
  private @Nullable Controller registered;
  private boolean closed;

  Registrations(Controller builtIn) {
    this.builtIn = builtIn;
  }

  /** The API as one module sees it. */
  ModuleApi api(String module) {
    return new Api(module);
  }

  /** Ends the registration and says what counts. */
  synchronized StartedModules close() {
    closed = true;
    return new StartedModules(
        requireNonNullElse(registered, builtIn), new ModuleBeans(Map.copyOf(beans)));
  }

  private synchronized void register(
      String module,
      @Nullable OnUpdate onUpdate,
      @Nullable BatchSize defaultBatchSize,
      @Nullable BatchSize minBatchSize) {
    requireOpen(module, "callbacks");
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
            module,
            builtIn.pace());
    log.info("Module {} paces the background updates", module);
  }

  private synchronized void register(
      String module, String kind, @Nullable String name, @Nullable Object bean) {
    requireOpen(module, "beans");
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("expected a name for the %s, got none".formatted(kind));
    }
    if (bean == null) {
      throw new IllegalArgumentException("expected the %s '%s', got null".formatted(kind, name));
    }
    var other = beans.putIfAbsent(name, new ModuleBean(module, bean));
    if (other != null) {
      throw new IllegalArgumentException(
          "expected a name of its own for the %s '%s', found that module %s has registered a bean of that name"
              .formatted(kind, name, other.module()));
    }
    log.info("Module {} brings the {} {}", module, kind, name);
  }

  private void requireOpen(String module, String what) {
    if (closed) {
      throw new IllegalStateException(
          "%s: %s must be registered before the module's start method returns"
              .formatted(module, what));
    }
  }

  private final class Api implements ModuleApi {

    private final String module;

    Api(String module) {
      this.module = module;
    }

    @Override
    public void registerBackgroundUpdateControllerCallbacks(
        OnUpdate onUpdate, @Nullable BatchSize defaultBatchSize, @Nullable BatchSize minBatchSize) {
      register(module, onUpdate, defaultBatchSize, minBatchSize);
    }

    @Override
    public void registerProcessor(String name, ItemProcessor<Row, Row> processor) {
      register(module, "processor", name, processor);
    }

    @Override
    public void registerWriter(String name, ItemWriter<Row> writer) {
      register(module, "writer", name, writer);
    }
  }
}
