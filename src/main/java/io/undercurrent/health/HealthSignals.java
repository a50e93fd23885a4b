package io.undercurrent.health;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The signals that come with Undercurrent, as they are configured. */
record HealthSignals(HealthProperties properties) implements Signals {

  @Override
  public List<Signal> of(String database) {
    return List.of(
        new WaitingSessions(
            open(properties.waitingSessions()).or(WaitingSessions.NAME, WaitingSessions.OWN)),
        new ActiveSessions(
            open(properties.activeSessions()).or(ActiveSessions.NAME, ActiveSessions.OWN)),
        new OldestTransaction(
            open(properties.oldestTransaction()).or(OldestTransaction.NAME, OldestTransaction.OWN)),
        new DeadRows(open(properties.deadRows()).or(DeadRows.NAME, DeadRows.OWN)),
        Vacuum.of(properties.vacuum()),
        SqlProbe.of(properties.sqlProbe()),
        HttpProbe.of(properties.httpProbe()));
  }

  @Override
  public Duration unknownAfter() {
    return properties.unknownAfter();
  }

  private static SignalProperties open(@Nullable SignalProperties configured) {
    return configured == null ? SignalProperties.OPEN : configured;
  }
}
