package io.undercurrent.controller;

import java.time.Duration;
import java.util.ArrayList;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the built-in controller paces updates.
 *
 * @param sleepEnabled whether to sleep before each iteration
 * @param sleepDuration how long that sleep is
 * @param updateDuration how long an iteration should take
 * @param defaultBatchSize how many items a chunk has while none were ever counted
 * @param minBatchSize how many items a chunk has at least
 * @param pace what the size of the next chunk follows: {@code adaptive}, what the latest chunks
 *     have cost, or {@code reference}, the averages of the whole run
 */
@ConfigurationProperties(ControllerProperties.PREFIX)
record ControllerProperties(
    @DefaultValue("true") boolean sleepEnabled,
    @DefaultValue("1s") Duration sleepDuration,
    @DefaultValue("100ms") Duration updateDuration,
    @DefaultValue("100") int defaultBatchSize,
    @DefaultValue("100") int minBatchSize,
    @DefaultValue("adaptive") PaceRule pace) {

  static final String PREFIX = "undercurrent.background-updates";

  ControllerProperties {
    var problems = new ArrayList<String>();
    if (sleepDuration.isNegative()) {
      problems.add(problem("sleep-duration", "a duration of 0 or more", text(sleepDuration)));
    }
    if (updateDuration.isZero() || updateDuration.isNegative()) {
      problems.add(problem("update-duration", "a duration above 0", text(updateDuration)));
    }
    if (defaultBatchSize < 1) {
      problems.add(problem("default-batch-size", "a number above 0", "" + defaultBatchSize));
    }
    if (minBatchSize < 1) {
      problems.add(problem("min-batch-size", "a number above 0", "" + minBatchSize));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  static ControllerProperties defaults() {
    return new Binder().bindOrCreate(PREFIX, ControllerProperties.class);
  }

  private static String problem(String key, String expected, String found) {
    return "%s.%s: expected %s, got %s".formatted(PREFIX, key, expected, found);
  }

  private static String text(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
