package io.undercurrent.controller;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs updates at night only: from {@code from} until {@code to}, two times of day in {@code zone}.
 * The process itself lives in UTC.
 */
public final class NightModule implements UndercurrentModule {

  private final Clock clock;

  public NightModule() {
    this(Clock.systemUTC());
  }

  NightModule(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void start(Map<String, String> config, ModuleApi api) {
    var from = LocalTime.parse(config.get("from"));
    var to = LocalTime.parse(config.get("to"));
    var local = clock.withZone(ZoneId.of(config.getOrDefault("zone", "UTC")));
    api.registerBackgroundUpdateControllerCallbacks(
        (update, database, oneShot) ->
            () -> {
              while (!isBetween(from, to, LocalTime.now(local))) {
                TimeUnit.SECONDS.sleep(1);
              }
              return Duration.ofMillis(500);
            });
  }

  private static boolean isBetween(LocalTime from, LocalTime to, LocalTime time) {
    return from.isBefore(to)
        ? !time.isBefore(from) && time.isBefore(to)
        : !time.isBefore(from) || time.isBefore(to);
  }
}
