package io.undercurrent.worker;

import io.undercurrent.controller.ModuleApi;
import io.undercurrent.controller.UndercurrentModule;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Brings a processor that takes {@code ms} for a row, and notes in it which process that was; it
 * paces nothing, so that chunks come one after the other.
 */
public final class VisitorModule implements UndercurrentModule {

  @Override
  public void start(Map<String, String> config, ModuleApi api) {
    var micros = (long) (Double.parseDouble(config.getOrDefault("ms", "0")) * 1_000);
    api.registerProcessor(
        "visit",
        row -> {
          TimeUnit.MICROSECONDS.sleep(micros);
          return row.with("visitor", String.valueOf(ProcessHandle.current().pid()));
        });
  }
}
