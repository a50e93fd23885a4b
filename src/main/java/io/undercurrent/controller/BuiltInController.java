package io.undercurrent.controller;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Paces updates where no module does: sleeps before each iteration, asks for a fixed duration. */
final class BuiltInController implements OnUpdate {

  private final ControllerProperties properties;
  private final Sleep sleep;

  BuiltInController(ControllerProperties properties, Sleep sleep) {
    this.properties = properties;
    this.sleep = sleep;
  }

  static Controller of(ControllerProperties properties) {
    return new Controller(
        new BuiltInController(
            properties, duration -> TimeUnit.MILLISECONDS.sleep(duration.toMillis())),
        (update, database) -> properties.defaultBatchSize(),
        (update, database) -> properties.minBatchSize(),
        "the built-in controller");
  }

  @Override
  public Iteration onUpdate(String updateName, String databaseName, boolean oneShot) {
    return this::enter;
  }

  private Duration enter() throws InterruptedException {
    if (properties.sleepEnabled()) {
      sleep.sleep(properties.sleepDuration());
    }
    return properties.updateDuration();
  }

  /** Pauses the thread; tests have a stand-in. */
  @FunctionalInterface
  interface Sleep {

    void sleep(Duration duration) throws InterruptedException;
  }
}
