package io.undercurrent.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of a database's health holds its updates.
 *
 * @param unknownAfter how long a signal may be unreadable before it holds
 * @param activeSessions sessions that are in a transaction or a statement, ours left out
 */
@ConfigurationProperties("undercurrent.health")
record HealthProperties(
    @DefaultValue("60s") Duration unknownAfter, @Nullable SignalProperties activeSessions) {}
