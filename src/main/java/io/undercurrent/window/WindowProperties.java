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
@ConfigurationProperties("undercurrent.health")
record WindowProperties(@DefaultValue List<String> windows) implements ConfiguredWindows {

  WindowProperties {
    try {
      TimeWindows.parse(windows);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(PROPERTY + ": " + e.getMessage());
    }
  }

  @Override
  public TimeWindows of(String database) {
    return TimeWindows.parse(windows);
  }
}
