package io.undercurrent.health;

import io.undercurrent.health.SignalProperties.IfUnknown;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is configured of standbys, by their {@code application_name}.
 *
 * @param hold so many may be missing: {@code 0}, or {@code off}
 * @param critical if more are missing, the update is paused for good; a number, or {@code off}
 * @param backOff how long it holds at least
 * @param ifUnknown what becomes of updates once it could not be read for {@code
 *     undercurrent.health.unknown-after}
 * @param expected those without which no iteration begins; a name twice for two of that name
 * @param ignored those that may be as late as they like: delayed on purpose, for one
 */
record StandbysProperties(
    @Nullable String hold,
    @Nullable String critical,
    @Nullable Duration backOff,
    @Nullable IfUnknown ifUnknown,
    @DefaultValue List<String> expected,
    @DefaultValue List<String> ignored) {

  static final StandbysProperties OPEN =
      new StandbysProperties(null, null, null, null, List.of(), List.of());

  SignalProperties signal() {
    return new SignalProperties(hold, critical, backOff, ifUnknown);
  }
}
