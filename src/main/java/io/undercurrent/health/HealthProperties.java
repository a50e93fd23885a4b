package io.undercurrent.health;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of a database's health holds its updates.
 *
 * @param unknownAfter how long a signal may be unreadable before it holds
 * @param databases what is otherwise on some of the databases, by their names: the same properties
 * @param activeSessions sessions that are in a transaction or a statement, ours left out
 * @param replicationLag for how long a standby has had something to replay
 * @param replicationBytes how much of the log a standby has yet to replay
 * @param standbys standbys that are expected, and not connected
 * @param slots how much of the log a replication slot keeps on the server's disk
 * @param walArchive segments of the log that wait to be archived
 */
@ConfigurationProperties(HealthProperties.PREFIX)
record HealthProperties(
    @DefaultValue("60s") Duration unknownAfter,
    @DefaultValue Map<String, Object> databases,
    @Nullable SignalProperties activeSessions,
    @Nullable SignalProperties replicationLag,
    @Nullable SignalProperties replicationBytes,
    @Nullable StandbysProperties standbys,
    @Nullable SignalProperties slots,
    @Nullable SignalProperties walArchive) {

  static final String PREFIX = "undercurrent.health";

  HealthProperties {
    if (unknownAfter.isZero() || unknownAfter.isNegative()) {
      throw new IllegalArgumentException(
          "%s.unknown-after: expected a duration above 0, got %dms"
              .formatted(PREFIX, unknownAfter.toMillis()));
    }
  }
}
