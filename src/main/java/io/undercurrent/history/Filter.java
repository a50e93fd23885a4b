package io.undercurrent.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are asked for, the one queued last first.
 *
 * @param update of this update, or null for all
 * @param since queued then or later, or null for all
 * @param failed only those in which an execution failed, also if they were completed later
 * @param limit how many at most
 */
public record Filter(@Nullable String update, @Nullable Instant since, boolean failed, int limit) {}
