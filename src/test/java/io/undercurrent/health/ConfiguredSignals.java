package io.undercurrent.health;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The signals that come with Undercurrent, for tests of other rooms. */
public final class ConfiguredSignals {

  private ConfiguredSignals() {}

  /** Those of properties: {@code undercurrent.health.active-sessions.hold} and its like. */
  public static Signals of(Map<String, String> properties) {
    return new HealthSignals(
        new Binder(new MapConfigurationPropertySource(properties))
            .bindOrCreate(HealthProperties.PREFIX, HealthProperties.class));
  }
}
