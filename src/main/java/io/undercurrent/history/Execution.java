package io.undercurrent.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution of a run: the first one or a restart.
 *
 * @param startedAt when it began, or null if it did not get so far
 * @param endedAt when it ended, or null if it has not, or nobody could say so
 * @param status how far it came, as Spring Batch calls it
 * @param runner the process that ran it, or null if an older version did
 * @param version that of Undercurrent, likewise
 * @param read the keys that it walked
 * @param commits the chunks that it committed
 * @param rollbacks those that were rolled back
 * @param error the first line of the error that ended it, or null if none did
 */
public record Execution(
    long id,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    String status,
    @Nullable String runner,
    @Nullable String version,
    long read,
    long commits,
    long rollbacks,
    @Nullable String error) {}
