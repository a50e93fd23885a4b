package io.undercurrent.controller;

import static java.util.Objects.requireNonNullElseGet;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Paces updates where no module does: sleeps before each iteration, asks for a fixed duration. */
final class BuiltInController implements OnUpdate {

  private final ControllerProperties properties;
  private final TimeSource time;

  BuiltInController(ControllerProperties properties, TimeSource time) {
    this.properties = properties;
    this.time = time;
  }

  static Controller of(ControllerProperties properties, TimeSource time) {
    return new Controller(
        new BuiltInController(properties, time),
        (update, database) -> properties.defaultBatchSize(),
        (update, database) -> properties.minBatchSize(),
        "the built-in controller",
        properties.pace());
  }

  @Override
  public Iteration onUpdate(String updateName, String databaseName, boolean oneShot) {
    return this::enter;
  }

  private Duration enter() throws InterruptedException {
    if (properties.sleepEnabled()) {
      time.sleep(properties.sleepDuration());
    }
    return target();
  }

  /**
   * The same with another sleep.
   *
   * @param set how long, which may change meanwhile; null for the usual one
   */
  Duration enter(Supplier<@Nullable Duration> set) throws InterruptedException {
    new Rest(time).take(() -> requireNonNullElseGet(set.get(), this::sleep));
    return target();
  }

  Duration target() {
    return properties.updateDuration();
  }

  Duration sleep() {
    return properties.sleepEnabled() ? properties.sleepDuration() : Duration.ZERO;
  }
}
