package io.undercurrent.health;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The signals that come with Undercurrent, as they are configured. */
record HealthSignals(HealthProperties properties) implements Signals {

  @Override
  public List<Signal> of(String database) {
    return List.of(
        new ActiveSessions(
            open(properties.activeSessions()).or(ActiveSessions.NAME, ActiveSessions.OWN)));
  }

  @Override
  public Duration unknownAfter() {
    return properties.unknownAfter();
  }

  private static SignalProperties open(@Nullable SignalProperties configured) {
    return configured == null ? SignalProperties.OPEN : configured;
  }
}
