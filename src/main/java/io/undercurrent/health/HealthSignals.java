package io.undercurrent.health;

import io.undercurrent.time.TimeSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The signals that come with Undercurrent, as they are configured for a database. */
record HealthSignals(HealthProperties properties) implements Signals {

  @Override
  public List<Signal> of(String database) {
    var standbys = properties.standbys() == null ? StandbysProperties.OPEN : properties.standbys();
    var replication = new Replication(standbys.ignored(), TimeSource.SYSTEM);
    return List.of(
        new ActiveSessions(
            open(properties.activeSessions()).or(ActiveSessions.NAME, ActiveSessions.OWN)),
        ReplicationSignal.lag(open(properties.replicationLag()), replication),
        ReplicationSignal.bytes(open(properties.replicationBytes()), replication),
        new ExpectedStandbys(standbys, replication),
        new Slots(open(properties.slots()).or(Slots.NAME, Slots.OWN), TimeSource.SYSTEM),
        new WalArchive(open(properties.walArchive()).or(WalArchive.NAME, WalArchive.OWN)));
  }

  @Override
  public Duration unknownAfter(String database) {
    return properties.unknownAfter();
  }

  private static SignalProperties open(@Nullable SignalProperties configured) {
    return configured == null ? SignalProperties.OPEN : configured;
  }
}
