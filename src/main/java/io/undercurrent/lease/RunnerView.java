package io.undercurrent.lease;

import java.time.Instant;

/**
 * The process that holds a database's lease.
 *
 * @param thisProcess whether that is us
 * @param owner the process in words: {@code pid 4711 on db-host}
 * @param since when it took the lease
 * @param lastSeen when it renewed the lease, on the database's clock
 */
public record RunnerView(boolean thisProcess, String owner, Instant since, Instant lastSeen) {}
