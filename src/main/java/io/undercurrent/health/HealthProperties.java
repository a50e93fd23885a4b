package io.undercurrent.health;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of a database's health holds its updates.
 *
 * @param unknownAfter how long a signal may be unreadable before it holds
 * @param waitingSessions sessions of others that wait for a lock because of ours
 * @param activeSessions sessions of others that are at work in a statement
 * @param oldestTransaction for how long vacuum may not have removed what a transaction still sees
 * @param deadRows dead rows of the table that is updated, once autovacuum is due to remove them
 * @param vacuum autovacuums at work on the table that is updated
 * @param sqlProbe what a query gives
 * @param httpProbe what a service answers
 */
@ConfigurationProperties("undercurrent.health")
record HealthProperties(
    @DefaultValue("60s") Duration unknownAfter,
    @Nullable SignalProperties waitingSessions,
    @Nullable SignalProperties activeSessions,
    @Nullable SignalProperties oldestTransaction,
    @Nullable SignalProperties deadRows,
    Vacuum.@Nullable Properties vacuum,
    SqlProbe.@Nullable Properties sqlProbe,
    HttpProbe.@Nullable Properties httpProbe) {}
