package io.undercurrent.window;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When updates may run.
 *
 * @param windows the time windows within which all updates run: {@code 22:00-06:00 Europe/Berlin},
 *     {@code Sat,Sun 00:00-24:00 UTC}; always without one
 */
@ConfigurationProperties(WindowProperties.PREFIX)
record WindowProperties(@DefaultValue List<String> windows) {

  static final String PREFIX = "undercurrent.health";

  WindowProperties {
    parse(windows);
  }

  TimeWindows parsed() {
    return parse(windows);
  }

  private static TimeWindows parse(List<String> windows) {
    try {
      return TimeWindows.parse(windows);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(ConfiguredWindows.PROPERTY + ": " + e.getMessage());
    }
  }
}
